"""An ambassador, those who thank, a friend who comes, and time that goes by."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from community.ambassadors.actions import ledger, programme
from community.ambassadors.models import Ambassador, PointEntry
from community.core import clock
from community.core.db import db, unit_of_work
from community.forums.actions import ties
from community.forums.models import Topic
from community.items.models import Post
from community.items.queries import post_by_id
from community.members.models import Member
from community.messages.models import Mail
from community.profiles.models import Standing
from community.touchpoints.actions import project
from tests import makers
from tests.conftest import Browser

TWO_DAYS = timedelta(hours=49)


@pytest.fixture
def otto(app: Any) -> Member:
    """A Dutch member who takes part since a moment ago."""
    found = makers.member("Otto")
    join(found)
    return found


@pytest.fixture
def marketer(app: Any) -> Member:
    """A marketer of the Dutch site, who reads English."""
    return makers.member("Mark", site="en", role="marketer", role_site="nl")


@pytest.fixture
def vera(app: Any) -> Member:
    """Somebody who asks, and takes no part."""
    return makers.member("Vera")


@pytest.fixture
def topic(vera: Member) -> Topic:
    """Her question on a board."""
    return makers.topic(makers.board("Sleep"), vera)


def join(member: Member) -> str:
    """Become an ambassador; the code."""
    with unit_of_work():
        return programme.join(db.session.get_one(Member, member.id)).code


def leave(member: Member) -> None:
    """Be one no more."""
    with unit_of_work():
        programme.leave(db.session.get_one(Ambassador, member.id), db.session.get_one(Member, member.id))


def found(post: Post) -> Post:
    """A post as a page finds it."""
    fresh = post_by_id(post.id)
    assert fresh is not None
    return fresh


def thank(post: Post, by: Member) -> None:
    """Thank for a post, through the same door as a member's."""
    with unit_of_work():
        ties.thank(found(post), db.session.get_one(Member, by.id))


def accept(answer: Post, by: Member) -> None:
    """Say that this answer helped."""
    with unit_of_work():
        ties.accept(found(answer), db.session.get_one(Member, by.id))


def later(distance: timedelta = TWO_DAYS) -> None:
    """Let the worker read the record, and what is due be given so much later."""
    project()
    clock.move_by(distance)
    ledger.give_due()
    db.session.expire_all()


def entries(of: Member) -> list[tuple[str, int, str, str]]:
    """A member's ledger in its order: reason, points, state, why it was refused."""
    query = select(PointEntry).where(PointEntry.member_id == of.id).order_by(PointEntry.id)
    return [(entry.reason, entry.points, entry.state, entry.why_refused) for entry in db.session.scalars(query)]


def standing(of: Member) -> Standing:
    """What other rooms read of a member."""
    db.session.expire_all()
    return db.session.get_one(Standing, of.id)


def register(browser: Browser, name: str, email: str = "") -> None:
    """Fill in the form of registration."""
    address = email or f"{name.lower()}@example.org"
    fields = {"email": address, "name": name, "password": makers.PASSWORD}
    assert browser.send("/register?site=nl", fields).status_code == 303


def confirm(browser: Browser) -> None:
    """Follow the link of the newest mail, and press its button."""
    mail = db.session.scalars(select(Mail).where(Mail.name == "confirm").order_by(Mail.id.desc())).first()
    found = re.search(r"/confirm/[\w-]+", mail.text if mail else "")
    assert found is not None
    assert browser.send(found[0]).status_code == 303
    project()
    db.session.expire_all()
