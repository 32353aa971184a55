"""What happened in a room, in the words of a stream: made once for all readers who see it alike."""

import json
from dataclasses import dataclass
from typing import Any

from flask import current_app

from community.chat.models import Line
from community.items.models import State

OWN, OTHERS, FOLDED, GONE = "own", "others", "folded", "gone"


@dataclass(frozen=True)
class Listener:
    """Who reads along, whom they muted or blocked, and the number of the last thing that they heard."""

    member_id: int
    refused: frozenset[int] = frozenset()
    heard: int = 0

    def sees(self, line: Any) -> str:
        """How this reader sees a line."""
        if line.author_id == self.member_id and line.state in (State.LIVE, State.HELD):
            return OWN
        if line.state != State.LIVE:
            return GONE
        return FOLDED if line.author_id in self.refused else OTHERS


@dataclass(frozen=True)
class News:
    """One thing that happened: what each kind of reader is told of it."""

    number: int
    author_id: int | None
    state: str
    told: dict[str, str]

    def for_(self, listener: Listener) -> str:
        """The event for one reader."""
        return f"id: {self.number}\nevent: line\ndata: {self.told[listener.sees(self)]}\n\n"


def news_of(number: int, line: Line) -> News:
    """What happened to a line; in the language of the request's site."""
    ways = (OWN,) if line.state == State.HELD else (OWN, OTHERS, FOLDED) if line.is_live else ()
    told = {way: json.dumps({"line": line.id, "html": _html(line, way)}) for way in ways}
    gone = json.dumps({"line": line.id, "html": ""})
    return News(number, line.author_id, line.state, {GONE: gone, **told})


def _html(line: Line, seen_as: str) -> str:
    template: Any = current_app.jinja_env.get_template("chat/_line.html").module
    return str(template.line(line, seen_as))
