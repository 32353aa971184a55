"""Members whose record may make a profile for offers, and what they did."""

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
Deed = Callable[..., int]


@pytest.fixture
def cora(app: Any) -> Member:
    """A Dutch member who agreed to everything."""
    return makers.member("Cora", consents=EVERYTHING)


@pytest.fixture
def marketer(app: Any) -> Member:
    """A marketer of the Dutch site, who reads English."""
    return makers.member("Mark", site="en", role="marketer", role_site="nl")


@pytest.fixture
def as_marketer(marketer: Member, browser_of: Any) -> Any:
    """The marketer's browser."""
    return browser_of(marketer)


@pytest.fixture
def did(cora: Member) -> Deed:
    """Put a row into the record of Cora, or of somebody else; its id."""

    def told(verb: Verb, about: str | None = None, days_ago: float = 0, **more: Any) -> int:
        facts = {name: value for name, value in more.items() if name not in ("allows", "by")}
        by = more.get("by", cora)
        with unit_of_work():
            row = Touchpoint(at=clock.now() - timedelta(days=days_ago), verb=verb, site=by.site, member_id=by.id)
            row.about, row.allows, row.facts = about, more.get("allows", "pao"), facts
            db.session.add(row)
            db.session.flush()
            return row.id

    return told
