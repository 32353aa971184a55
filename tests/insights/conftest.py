"""A town whose record is written row by row, and the marketer who reads its figures."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from community.core import clock
from community.core.db import db, unit_of_work
from community.members.models import Member
from community.touchpoints.models import Touchpoint, Verb
from tests import makers

EVERYTHING = ("personalisation", "analytics", "mail", "offers")


@pytest.fixture
def marketer(app: Any) -> Member:
    """A marketer of the Dutch site, who reads English."""
    return makers.member("Mark", site="en", role="marketer", role_site="nl")


@pytest.fixture
def as_marketer(marketer: Member, browser_of: Any) -> Any:
    """The marketer's browser."""
    return browser_of(marketer)


@pytest.fixture
def did(app: Any) -> Callable[..., None]:
    """Put a row into the record."""

    def told(
        by: Any, verb: Verb, about: str | None = None, days_ago: float = 0, allows: str = "pao", **facts: Any
    ) -> None:
        with unit_of_work():
            row = Touchpoint(at=clock.now() - timedelta(days=days_ago), verb=verb, site=by.site, member_id=by.id)
            row.about, row.allows, row.facts, row.visitor_id = about, allows, facts, by.visitor_id
            db.session.add(row)

    return told


@pytest.fixture
def town(did: Any) -> dict[str, Any]:
    """Cora agreed to everything, Ann to figures alone, Nele to nothing; what each did in two months."""
    cora = makers.member("Cora", consents=EVERYTHING)
    ann, nele = makers.member("Ann", consents=("analytics",)), makers.member("Nele")
    sleep, food = makers.article("Slapen"), makers.article("Eten")
    board = makers.board("Praten")
    answered, alone = makers.topic(board, cora, "Vraag"), makers.topic(board, ann, "Stil")
    makers.reply(answered, ann)
    for days_ago in (1, 2, 9, 40):
        did(cora, Verb.PAGE_READ, sleep.key, days_ago)
    did(cora, Verb.PAGE_LEFT, sleep.key, 1, seconds=60, share=1.0)
    did(ann, Verb.PAGE_READ, sleep.key, 3, allows="a")
    did(ann, Verb.PAGE_LEFT, sleep.key, 3, allows="a", seconds=9, share=0.3)
    did(ann, Verb.PAGE_READ, food.key, 3, allows="a")
    did(nele, Verb.ORDER_PLACED, "order:1", 2, allows="", cents=500)
    did(cora, Verb.ORDER_PLACED, "order:2", 2, cents=900)
    did(cora, Verb.REVIEW_WRITTEN, "review:9", 10)
    did(cora, Verb.FRIEND_CAME, ann.key, 4, referral_id=1)
    did(ann, Verb.CASE_ANSWERED, "case:1", 1, allows="a", kind="question")
    return {"cora": cora, "ann": ann, "nele": nele, "sleep": sleep, "food": food, "board": board, "alone": alone}
