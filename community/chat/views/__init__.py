"""The rooms, what is said in them, and the stream of what happens there."""

from flask import Blueprint

from community.chat.views import lines, live, rooms

BLUEPRINTS: tuple[Blueprint, ...] = (rooms.bp, lines.bp, live.bp)
