"""The real processes: what is said while the stream is cut off for ten seconds is heard once, and nothing is lost."""

import http.client
import json
import re
import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

from community.core.db import db, unit_of_work
from community.groups import actions as groups
from community.members.models import Member
from community.sites.models import SITES
from tests.faults.people import Person, running, until

ROOM = "/nl/chat/club-2027-03"
CUT_SECONDS = 10


class Listener(threading.Thread):
    """A browser's stream: it asks again from the last number, as browsers do, until it is told to stop."""

    def __init__(self, person: Person, address: str) -> None:
        super().__init__(daemon=True)
        self.address, self.events, self.heard, self.is_on = address, [], 0, True
        cookies = next(one for one in person.opener.handlers if hasattr(one, "cookiejar")).cookiejar
        self.headers = {"Cookie": "; ".join(f"{one.name}={one.value}" for one in cookies), "Origin": person.base}
        self.start()

    def run(self) -> None:
        while self.is_on:
            try:
                self._listen()
            except (OSError, http.client.HTTPException):
                time.sleep(0.3)

    def _listen(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=40)
        with closing(connection):
            connection.request("GET", self._path, headers={**self.headers, "Last-Event-ID": str(self.heard)})
            for line in connection.getresponse():
                if line.startswith(b"id: "):
                    self.heard = int(line[4:])
                if line.startswith(b"data: "):
                    self.events.append((self.heard, re.findall(r"Word \d+", json.loads(line[6:])["html"])[0]))

    @property
    def _port(self) -> int:
        return int(self.address.split(":")[2].split("/")[0])

    @property
    def _path(self) -> str:
        return "/" + self.address.split("/", 3)[3].split("?")[0]


@pytest.fixture
def folder(app, anna, bob, tmp_path: Path) -> Path:
    """The database of a site where two are in one club."""
    with unit_of_work():
        club = groups.open_club(SITES["nl"], "2027-03")
        for person in (anna, bob):
            groups.join(club, db.session.get_one(Member, person.id))
    db.session.remove()
    with (
        closing(sqlite3.connect(Path(app.config["DATA_DIR"]) / "community.db")) as source,
        closing(sqlite3.connect(tmp_path / "community.db")) as target,
    ):
        source.backup(target)
    return tmp_path


@pytest.mark.only_on("sqlite")
def test_after_a_cut_of_ten_seconds_nothing_is_lost_or_doubled(folder: Path, tmp_path: Path) -> None:
    with running(folder, "serve", "live", log=tmp_path / "log") as site:
        anna, bob = Person(site.base, "anna@example.org"), Person(site.base, "bob@example.org")
        anna.sign_in()
        bob.sign_in()
        page = anna.ask(ROOM)
        ear = Listener(anna, re.findall(r'data-stream="([^"]+)"', page.text)[0])

        def say(number: int) -> None:
            assert bob.ask(ROOM, {**bob.fields(ROOM, ROOM), "body": f"Word {number}"}).status == 200

        say(1)
        until(lambda: len(ear.events) == 1, seconds=60)
        site.kill("live")
        began = time.monotonic()
        for number in range(2, 6):
            say(number)
        time.sleep(max(0.0, CUT_SECONDS - (time.monotonic() - began)))
        assert len(ear.events) == 1
        site.start("live")
        until(lambda: len(ear.events) == 5, seconds=60)
        say(6)
        until(lambda: len(ear.events) == 6, seconds=60)
        time.sleep(1.5)
        ear.is_on = False
    assert [words for _number, words in ear.events] == [f"Word {number}" for number in range(1, 7)]
    assert len({number for number, _words in ear.events}) == 6
