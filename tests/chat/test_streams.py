"""What a stream tells each reader, and when it ends: the application that the server runs, without the server."""

import asyncio
import json

import pytest
from flask import Flask

from community.chat import actions, streams
from community.chat.models import Line, Room, RoomEvent
from community.chat.streams import Streams
from community.core.db import db, unit_of_work
from community.groups import actions as groups
from community.items import actions as items
from community.items.models import Stance, State
from community.members import actions as members
from community.members.models import Member
from community.sites.models import SITES
from tests import makers
from tests.chat.awaiting import awaited

HOST = "http://localhost"


class Ear:
    """Somebody with a browser whose stream is open for a moment."""

    def __init__(self, app: Flask, browser, room_id: int, after: int = 0, **headers: str) -> None:
        self.app, self.streams, self.sent, self.left = app, Streams(app), [], asyncio.Event()
        cookie = "; ".join(f"{one.key}={one.value}" for one in browser._cookies.values())
        given = {"host": "localhost", "cookie": cookie, **{name.replace("_", "-"): v for name, v in headers.items()}}
        self.scope = {
            "type": "http", "method": "GET", "path": f"/live/{room_id}", "query_string": f"after={after}".encode(),
            "headers": [(name.encode(), value.encode()) for name, value in given.items()], "scheme": "http",
            "http_version": "1.1", "server": ("localhost", 80), "client": ("127.0.0.1", 1),
        }  # fmt: skip

    def hear(self, *deeds, seconds: float = 0.2, to_the_end: bool = False) -> "Ear":
        """Listen while these things happen, each in a moment of its own, and some time after."""
        awaited(self._hear(deeds, seconds, 30 if to_the_end else 0))
        db.session.expire_all()
        return self

    async def _hear(self, deeds, seconds: float, patience: float) -> None:
        following = asyncio.create_task(self.streams._follow())
        answering = asyncio.create_task(self.streams(self.scope, self._receive, self._send))
        await asyncio.sleep(seconds)
        for deed in deeds:
            with self.app.app_context():
                deed()
            await asyncio.sleep(seconds)
        await asyncio.wait({answering}, timeout=patience)
        self.has_ended = answering.done()
        self.left.set()
        await answering
        following.cancel()

    async def _receive(self):
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message) -> None:
        self.sent.append(message)

    @property
    def status(self) -> int:
        return self.sent[0]["status"]

    @property
    def told(self) -> list[dict]:
        """What each event said, with its number."""
        text = b"".join(one.get("body", b"") for one in self.sent).decode()
        events = [
            dict(part.split(": ", 1) for part in each.splitlines()) for each in text.split("\n\n") if "id: " in each
        ]
        return [{"id": int(event["id"]), **json.loads(event["data"])} for event in events]


@pytest.fixture(autouse=True)
def _in_a_hurry(monkeypatch):
    monkeypatch.setattr(streams, "POLL_SECONDS", 0.05)
    monkeypatch.setattr(streams, "ASKED_AGAIN_SECONDS", 0.1)


@pytest.fixture
def room(app, bob):
    """The room of the Dutch site."""
    with unit_of_work():
        actions.open_rooms(SITES["nl"], [])
    return db.session.query(Room).one()


def say(room, who, words="Hello"):
    with unit_of_work():
        return actions.say(db.session.get_one(Room, room.id), db.session.get_one(Member, who.id), words).id


def deed(room, who, words="Hello"):
    room_id, who_id = room.id, who.id
    return lambda: say(db.session.get_one(Room, room_id), db.session.get_one(Member, who_id), words)


def test_who_listens_hears_what_is_said(app, room, as_anna, bob):
    told = Ear(app, as_anna, room.id).hear(deed(room, bob, "One"), deed(room, bob, "Two")).told
    assert ["One" in told[0]["html"], "Two" in told[1]["html"]] == [True, True]
    assert [one["id"] for one in told] == [event.id for event in db.session.query(RoomEvent)]


def test_who_was_away_hears_it_from_the_last_thing_heard(app, room, as_anna, bob):
    numbers = [say(room, bob, words) and db.session.query(RoomEvent).count() for words in ("One", "Two", "Three")]
    told = Ear(app, as_anna, room.id, last_event_id=str(numbers[0])).hear().told
    assert [one["id"] for one in told] == numbers[1:]


def test_ones_own_line_can_be_changed_and_anothers_reported(app, room, as_anna, anna, bob):
    say(room, anna)
    say(room, bob)
    own, others = Ear(app, as_anna, room.id).hear().told
    assert [way in own["html"] for way in ("/edit", "/report/")] == [True, False]
    assert [way in others["html"] for way in ("/edit", "/report/")] == [False, True]


def test_what_is_hidden_is_gone_and_says_nothing(app, room, as_anna, bob):
    line_id = say(room, bob, "Nasty")

    def hide():
        with unit_of_work():
            actions.set_state(db.session.get_one(Line, line_id), State.HIDDEN)

    told = Ear(app, as_anna, room.id).hear(hide).told
    assert [one["html"] == "" for one in told] == [False, True]
    assert [one["html"] for one in Ear(app, as_anna, room.id).hear().told] == ["", ""]


def test_what_waits_is_told_to_its_author_alone(app, room, as_anna, as_bob, bob):
    say(room, bob, "See https://casino.example")
    assert [one["html"] for one in Ear(app, as_anna, room.id).hear().told] == [""]
    assert "casino" in Ear(app, as_bob, room.id).hear().told[0]["html"]


def test_a_blocked_persons_line_comes_folded(app, room, as_anna, anna, bob):
    with unit_of_work():
        items.follow(db.session.get_one(Member, anna.id), db.session.get_one(Member, bob.id), Stance.BLOCK)
    say(room, bob)
    assert "<details" in Ear(app, as_anna, room.id).hear().told[0]["html"]


def test_the_stream_ends_with_the_session(app, room, as_anna, anna):
    ear = Ear(app, as_anna, room.id)

    def sign_out():
        with unit_of_work():
            members.end_sessions(db.session.get_one(Member, anna.id))

    assert ear.hear(sign_out, to_the_end=True).has_ended
    assert Ear(app, as_anna, room.id).hear().status == 302


def test_the_stream_ends_with_the_membership(app, as_anna, anna):
    with unit_of_work():
        club = groups.open_club(SITES["nl"], "2027-03")
        groups.join(club, db.session.get_one(Member, anna.id))
        actions.open_rooms(SITES["nl"], [club])
    room = db.session.query(Room).filter_by(group_id=club.id).one()

    def leave():
        with unit_of_work():
            groups.leave(db.session.merge(club), db.session.get_one(Member, anna.id))

    ear = Ear(app, as_anna, room.id).hear(leave, to_the_end=True)
    assert ear.status == 200
    assert ear.has_ended


def test_nobody_listens_at_a_door_that_is_closed(app, room, visitor, as_anna):
    with unit_of_work():
        club = groups.open_club(SITES["nl"], "2027-03")
        actions.open_rooms(SITES["nl"], [club])
    closed = db.session.query(Room).filter_by(group_id=club.id).one()
    assert Ear(app, visitor, room.id).hear().status == 302
    assert Ear(app, as_anna, closed.id).hear().status == 404
    assert Ear(app, as_anna, 999).hear().status == 404


@pytest.mark.parametrize("origin", ["https://evil.example", "http://localhost:99", "null"])
def test_a_page_of_another_origin_hears_nothing(app, room, as_anna, origin):
    ear = Ear(app, as_anna, room.id, origin=origin).hear()
    assert ear.status == 403
    assert b"access-control-allow-origin" not in dict(ear.sent[0]["headers"])


def test_our_own_page_may_read_the_stream(app, room, as_anna):
    headers = dict(Ear(app, as_anna, room.id, origin=HOST).hear().sent[0]["headers"])
    assert headers[b"access-control-allow-origin"] == HOST.encode()
    assert headers[b"access-control-allow-credentials"] == b"true"
    assert headers[b"content-type"].startswith(b"text/event-stream")


def test_a_page_says_where_its_stream_is_and_may_reach_it(app, room, as_anna):
    answer = as_anna.get(room.path)
    assert "connect-src 'self' http://localhost:8001" in answer.headers["Content-Security-Policy"]
    stream = as_anna.see(room.path).css_first("[data-stream]").attributes["data-stream"]
    assert stream.startswith(f"http://localhost:8001/live/{room.id}?after=")


def test_without_the_process_the_pages_answer_with_what_is_new(app, room, as_anna, bob):
    say(room, bob)
    answer = as_anna.get(f"/live/{room.id}?after=0")
    assert answer.mimetype == "text/event-stream"
    assert answer.text.startswith("retry: 3000")
    assert answer.text.count("event: line") == 1


def test_nothing_is_kept_of_who_has_left(app, room, as_anna):
    ear = Ear(app, as_anna, room.id).hear()
    assert (ear.streams._open, ear.streams._heard) == ({}, {})


def test_a_member_of_another_site_reads_the_room_in_its_language(app, room, browser_of, bob):
    say(room, bob)
    english = browser_of(makers.member("Kim", site="en"))
    assert "Melden" in Ear(app, english, room.id).hear().told[0]["html"]
