"""A watched audience: who enters is noted once, told with a signature until it is taken, never against their will."""

import csv
import hashlib
import hmac
import io
import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from sqlalchemy import select

from community.core import clock, jobs, outside
from community.core.audit import AuditEntry
from community.core.db import db, unit_of_work
from community.members import actions as members
from community.members.ledger import Use
from community.members.models import Member
from community.members.queries import uses_in
from community.profiles.models import Standing
from community.segments import actions, crossings
from community.segments.conditions import Clause, Group
from community.segments.models import Crossing, CrossingState, Segment, Watch
from community.segments.queries.crossings import crossings_of
from community.sites.models import SITES
from tests import makers
from tests.marketing.conftest import EVERYTHING

SPENDERS = Group((Clause("spent", "at_least", {"number": 100}),))


class Other(BaseHTTPRequestHandler):
    """Another system: it takes what it is told, or says no as often as it should."""

    told: list[tuple[bytes, str]] = []
    refusals = 0

    def do_POST(self) -> None:
        """Take it."""
        content = self.rfile.read(int(self.headers["Content-Length"]))
        if type(self).refusals:
            type(self).refusals -= 1
            self.send_response(503)
        else:
            self.told.append((content, self.headers[crossings.SIGNED]))
            self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def other() -> Iterator[Any]:
    """Its address; only these tests may reach their own machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Other)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Other.told, Other.refusals, Other.address = [], 0, f"http://127.0.0.1:{server.server_port}/in"
    crossings.TELL[:] = [partial(outside.tell, may_connect=lambda _address, _port: True)]
    yield Other
    crossings.TELL[:] = [outside.tell]
    server.shutdown()


@pytest.fixture
def segment(marketer: Member) -> Segment:
    with unit_of_work():
        return actions.keep_segment(SITES["nl"], marketer, "Spenders", SPENDERS)


def spend(member: Member, euros: int) -> None:
    with unit_of_work():
        db.session.merge(Standing(member_id=member.id, spent_cents=100 * euros))


def watch(segment: Segment, actor: Member, address: str = "") -> Watch:
    with unit_of_work():
        made = crossings.begin(db.session.get_one(Segment, segment.id), "", actor)
        made.address = address
    return made


def look() -> None:
    """One round of the worker."""
    crossings.look()
    jobs.run_due()


def states() -> dict[str, str]:
    names = {one.id: one.name for one in db.session.scalars(select(Member))}
    return {names[one.member_id]: one.state for one in db.session.scalars(select(Crossing))}


def test_each_crossing_is_told_once_with_a_signature(
    segment: Segment, marketer: Member, cora: Member, other: Any
) -> None:
    spend(cora, 500)
    watched = watch(segment, marketer, other.address)
    mia = makers.member("Mia", consents=EVERYTHING)
    spend(mia, 50)
    look()
    assert other.told == []
    spend(mia, 150)
    look()
    look()
    [(content, signed)] = other.told
    told = json.loads(content)
    assert (told["member"]["email"], told["segment"]["name"]) == (mia.email, "Spenders")
    key = crossings.key_of(db.session.get_one(Watch, watched.segment_id))
    assert signed == "sha256=" + hmac.new(key.encode(), content, hashlib.sha256).hexdigest()
    assert states() == {"Cora": "before", "Mia": "told"}
    assert uses_in(mia, f"{clock.now():%Y-%m}") == {"lists": 1}


def test_who_leaves_and_comes_back_has_crossed_again(
    segment: Segment, marketer: Member, cora: Member, other: Any
) -> None:
    watch(segment, marketer, other.address)
    for euros in (200, 10, 200):
        spend(cora, euros)
        look()
    assert len(other.told) == 2


def test_what_was_not_taken_is_told_again(segment: Segment, marketer: Member, cora: Member, other: Any) -> None:
    watch(segment, marketer, other.address)
    other.refusals = 1
    spend(cora, 200)
    look()
    assert states() == {"Cora": CrossingState.FAILED}
    assert "503" in db.session.scalars(select(Crossing.answer)).one()
    with unit_of_work():
        for row in db.session.scalars(select(jobs.JobRow).where(jobs.JobRow.name == crossings.tell.name)):
            row.run_at = clock.now() - timedelta(seconds=1)
    jobs.run_due()
    assert states() == {"Cora": CrossingState.TOLD}
    assert len(other.told) == 1


def test_nobody_is_told_of_who_withholds_it_or_takes_the_yes_back(
    segment: Segment, marketer: Member, cora: Member, other: Any
) -> None:
    watch(segment, marketer, other.address)
    mia = makers.member("Mia", consents=EVERYTHING)
    with unit_of_work():
        members.set_uses(db.session.get_one(Member, mia.id), frozenset({"lists:orders"}), "test")
    for member in (cora, mia):
        spend(member, 200)
    crossings.look()
    with unit_of_work():
        db.session.get_one(Member, cora.id).offers = False
    jobs.run_due()
    assert other.told == []
    assert states() == {"Cora": CrossingState.LEFT}
    assert crossings_of(segment, [Use.LISTS]) == []


def test_who_fits_only_because_the_conditions_changed_has_not_crossed(
    segment: Segment, marketer: Member, cora: Member, other: Any
) -> None:
    watch(segment, marketer, other.address)
    spend(cora, 60)
    with unit_of_work():
        lower = Group((Clause("spent", "at_least", {"number": 50}),))
        actions.change_segment(db.session.get_one(Segment, segment.id), marketer, "Spenders", lower)
    look()
    assert other.told == []


def test_an_inner_address_is_never_told(segment: Segment, marketer: Member, cora: Member) -> None:
    watch(segment, marketer, "https://127.0.0.1/in")
    spend(cora, 200)
    look()
    assert states() == {"Cora": CrossingState.FAILED}
    assert "open internet" in db.session.scalars(select(Crossing.answer)).one()


def test_a_marketer_watches_an_audience_and_takes_who_entered_as_a_file(
    segment: Segment, as_marketer: Any, marketer: Member, cora: Member
) -> None:
    path = f"/marketing/segments/{segment.id}"
    assert as_marketer.send(f"{path}/watch", {"address": "http://other.example/in"}).status_code == 422
    assert as_marketer.send(f"{path}/watch", {"address": ""}).status_code == 303
    spend(cora, 200)
    look()
    assert "noted" in as_marketer.see(f"{path}/watch").text()
    rows = list(csv.reader(io.StringIO(as_marketer.get(f"{path}/crossings.csv").text.lstrip("\ufeff"))))
    assert [row[:2] for row in rows[1:]] == [["Cora", cora.email]]
    assert "segment.crossings_exported" in db.session.scalars(select(AuditEntry.deed)).all()
    assert as_marketer.send(f"{path}/watch/end", page=f"{path}/watch").status_code == 303
    assert states() == {}


def test_only_who_may_export_watches(segment: Segment, browser_of: Any, anna: Member) -> None:
    elsewhere = browser_of(makers.member("Max", site="en", role="marketer", role_site="en"))
    for page in ("watch", "crossings.csv"):
        assert browser_of(anna).get(f"/marketing/segments/{segment.id}/{page}").status_code == 403
        assert elsewhere.get(f"/marketing/segments/{segment.id}/{page}").status_code == 404
