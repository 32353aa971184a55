"""Reads of boards, topics and posts."""
