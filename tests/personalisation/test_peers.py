"""What parents at the same time read lifts what they read more, and is drawn to nothing where few read."""

from typing import Any

import pytest
from sqlalchemy import insert, select

from community.core import clock
from community.core.db import db, unit_of_work
from community.members.models import Member
from community.personalisation import training
from community.personalisation.models import PeerLift, Popularity, Read, score_of_read
from community.personalisation.queries import peers, recommended_for
from community.profiles.queries import family_of
from community.sites.models import SITES
from tests import makers

NL = SITES["nl"]
WEEK_24, HALF_A_YEAR = 112, 200  # days to go, days old


@pytest.fixture(autouse=True)
def _in_english(app: Any) -> Any:
    with app.test_request_context("/en/"):
        app.preprocess_request()
        yield


def parents(count: int, to_go: int | None = None, old: int = 0) -> list[Member]:
    """So many parents of a pregnancy with so many days to go, or of a child so old."""
    made = [makers.member(consents=("personalisation",)) for _ in range(count)]
    for one in made:
        makers.pregnancy(one, to_go) if to_go else makers.child(one, old)
    return made


def read_by(readers: list[Member], item: Any) -> None:
    now = clock.now().replace(minute=0, second=0, microsecond=0)
    read = {"item_id": item.id, "last_at": now, "seconds": 0, "share": 0}
    score = len(readers) * score_of_read(now)
    with unit_of_work():
        db.session.execute(insert(Read), [{"person": f"m{one.id}", **read} for one in readers])
        db.session.add(Popularity(item_id=item.id, site=NL, score=score, lasting=score))


def titles(member: Member) -> list[str]:
    today = clock.today(NL.zone)
    return [one.item.title for one in recommended_for(member, NL, family_of(member, today), 9, today)]


def test_a_stage_day_lies_in_one_band() -> None:
    days = (-280, -190, -189, -1, 0, 90, 91, 364, 365, 5_000)
    assert [peers.band_of(day) for day in days] == [0, 0, 1, 2, 3, 3, 4, 5, 6, 8]


def test_what_parents_at_the_same_time_read_leads_and_says_so(app: Any, anna: Any) -> None:
    hospital, porridge = makers.article("The hospital bag"), makers.article("Porridge")
    read_by(parents(12, to_go=WEEK_24), hospital)
    read_by(parents(12, old=HALF_A_YEAR), porridge)
    makers.pregnancy(anna, WEEK_24)
    assert titles(anna)[0] == "Porridge"  # the newest of two that as many read
    training.count_peers(NL)
    today = clock.today(NL.zone)
    found = recommended_for(anna, NL, family_of(anna, today), 9, today)
    assert found[0].item.title == "The hospital bag"
    assert "Parents at the same time as you read this a lot." in found[0].reasons
    older = makers.member("Sanne")
    makers.child(older, HALF_A_YEAR)
    assert titles(older)[0] == "Porridge"


def test_a_site_with_few_readers_shows_its_own(app: Any, anna: Any) -> None:
    few, many = makers.article("Read by few of the same time"), makers.article("Read by all")
    makers.pregnancy(anna, WEEK_24)
    read_by(parents(1, to_go=WEEK_24), few)
    read_by([makers.member(consents=("personalisation",)) for _ in range(4)], many)
    before = titles(anna)
    training.count_peers(NL)
    assert titles(anna) == before == ["Read by all", "Read by few of the same time"]
    assert all(abs(lift) < 0.2 for lift in db.session.scalars(select(PeerLift.lift)))


def test_whom_something_changed_for_is_nobodys_peer_and_has_none(app: Any, anna: Any) -> None:
    readers = parents(12, to_go=WEEK_24)
    read_by(readers, makers.article("The hospital bag"))
    read_by(parents(12, old=HALF_A_YEAR), makers.article("Porridge"))
    makers.pregnancy(anna, WEEK_24)
    with unit_of_work():
        for one in (*readers, anna):
            db.session.get_one(Member, one.id).guarded_since = clock.now()
    training.count_peers(NL)
    band = peers.band_of(-WEEK_24)
    assert db.session.scalars(select(PeerLift).where(PeerLift.band == band)).all() == []
    assert peers.peers_of(NL, family_of(db.session.get_one(Member, anna.id), clock.today(NL.zone))) == {}
