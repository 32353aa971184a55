"""Talk on the front page, on a member's own page and among what is recommended."""

from datetime import date, timedelta
from typing import Any

import pytest

from community.core import clock
from community.core.db import db, unit_of_work
from community.items import actions as items
from community.items.models import Item, Stance, Visibility
from community.members.models import Member
from community.personalisation.queries import recommended_for
from community.profiles import actions as profiles
from community.profiles.queries import family_of
from community.sites.models import SITES
from tests import makers

FRONT, HOME = "/en/", "/en/home"
EN = SITES["en"]


@pytest.fixture
def sanne(app: Any) -> Member:
    return makers.member("Sanne", site="en")


@pytest.fixture
def fenna(app: Any) -> Member:
    return makers.member("Fenna", site="en")


def living(browser: Any) -> list[str]:
    return [link.text() for link in browser.see(FRONT).css("[aria-labelledby=living] li a")]


def offered_to(member: Member) -> list[str]:
    family = family_of(member, date(2026, 11, 22))
    return [one.item.title for one in recommended_for(member, EN, family, 20, date(2026, 11, 22))]


def stand_to(member: Member, thing: Any, stance: Stance | None) -> None:
    with unit_of_work():
        items.follow(db.session.get_one(Member, member.id), db.session.get_one(type(thing), thing.id), stance)


def test_the_front_page_shows_living_conversations(visitor: Any, sanne: Member, fenna: Member) -> None:
    makers.article("Reading", site="en")
    board = makers.board("Sleep", site="en")
    first = makers.topic(board, sanne, "First")
    clock.move_by(timedelta(minutes=1))
    makers.topic(board, sanne, "Second", is_anonymous=True)
    clock.move_by(timedelta(minutes=1))
    makers.reply(first, fenna)
    assert living(visitor) == ["First", "Second"]
    assert "Fenna wrote last" in visitor.see(FRONT).text()
    assert "Sanne" not in visitor.see(FRONT).css_first("[aria-labelledby=living]").text()


def test_what_a_club_says_and_what_is_quiet_is_not_shown_to_all(visitor: Any, browser_of: Any, sanne: Member) -> None:
    makers.article("Reading", site="en")
    club = makers.club(site="en", members=[sanne])
    makers.topic(makers.board("March", site="en", club=club), sanne, "Within the club")
    makers.topic(makers.board("Loss", site="en", is_quiet=True), sanne, "About a loss")
    assert living(visitor) == []
    assert living(browser_of(sanne)) == ["Within the club"]


def test_what_one_member_mutes_or_may_see_changes_nobody_elses_front_page(
    visitor: Any, browser_of: Any, sanne: Member, fenna: Member
) -> None:
    makers.article("Reading", site="en")
    makers.article("Among us", site="en", visibility=Visibility.MEMBERS)
    writer = makers.member("Iris", site="en")
    makers.topic(makers.board("Sleep", site="en"), writer, "Theirs")
    as_sanne, as_fenna = browser_of(sanne), browser_of(fenna)
    for _time in range(2):
        stand_to(sanne, writer, Stance.MUTE)
        assert [living(as_sanne), living(as_fenna), living(visitor)] == [[], ["Theirs"], ["Theirs"]]
        assert "Among us" in as_sanne.get(FRONT).text
        assert "Among us" in as_fenna.get(FRONT).text
        assert "Among us" not in visitor.get(FRONT).text
        stand_to(sanne, writer, None)
        assert living(as_sanne) == ["Theirs"]


def test_home_tells_of_answers_where_one_follows(browser_of: Any, sanne: Member, fenna: Member) -> None:
    topic = makers.topic(makers.board("Sleep", site="en"), sanne, "How do I sleep?", is_anonymous=True)
    as_sanne = browser_of(sanne)
    clock.move_by(timedelta(days=3))
    makers.reply(topic, sanne, is_anonymous=True)
    makers.reply(topic, fenna)
    makers.reply(topic, fenna, "And this.")
    news = as_sanne.see(HOME).css_first("[aria-labelledby=since]").text()
    assert news.count("How do I sleep?") == 1
    assert "Fenna wrote in a conversation that you follow" in news
    stand_to(sanne, fenna, Stance.MUTE)
    assert as_sanne.see(HOME).css_first("[aria-labelledby=since]") is None


def test_conversations_are_recommended_beside_articles_and_never_ones_own(sanne: Member, fenna: Member) -> None:
    for number in range(5):
        makers.article(f"Article {number}", site="en")
    board = makers.board("Sleep", site="en")
    makers.topic(board, sanne, "My own")
    makers.topic(board, sanne, "My own in private", is_anonymous=True)
    theirs = makers.topic(board, fenna, "Theirs")
    offered = offered_to(sanne)
    assert "Theirs" in offered[:6]
    assert not {"My own", "My own in private"} & set(offered)
    stand_to(sanne, db.session.get_one(Item, theirs.id), Stance.MUTE)
    assert "Theirs" not in offered_to(sanne)


@pytest.mark.parametrize("what", ["person", "board"])
def test_what_one_mutes_is_recommended_no_more(sanne: Member, fenna: Member, what: str) -> None:
    board = makers.board("Sleep", site="en")
    makers.topic(board, fenna, "Theirs")
    assert offered_to(sanne) == ["Theirs"]
    stand_to(sanne, fenna if what == "person" else board, Stance.MUTE)
    assert offered_to(sanne) == []


def test_a_club_is_recommended_to_its_members_alone(sanne: Member, fenna: Member) -> None:
    writer = makers.member("Iris", site="en")
    club = makers.club(site="en", members=[sanne, writer])
    makers.topic(makers.board("March", site="en", club=club), writer, "Within the club")
    assert offered_to(sanne) == ["Within the club"]
    assert offered_to(fenna) == []


def test_after_something_changed_talk_is_not_offered_unasked(browser_of: Any, sanne: Member, fenna: Member) -> None:
    makers.article("Reading", site="en")
    board = makers.board("Trying for a baby", site="en")
    followed = makers.topic(board, sanne, "A question of mine")
    makers.topic(board, fenna, "Our baby is coming")
    with unit_of_work():
        profiles.stop(db.session.get_one(Member, sanne.id), [])
    as_sanne = browser_of(sanne)
    clock.move_by(timedelta(days=3))
    makers.reply(followed, fenna, "An answer")
    clock.move_by(timedelta(days=3))
    makers.topic(board, fenna, "And another baby")
    assert offered_to(db.session.get_one(Member, sanne.id)) == ["Reading"]
    assert living(as_sanne) == []
    home = as_sanne.see(HOME)
    assert "Fenna wrote in a conversation that you follow" in home.text()
    for page in (home, as_sanne.see(FRONT)):
        assert "baby" not in page.css_first("main").text().lower()
        assert "A question of mine" not in page.text()
    assert "A question of mine" in as_sanne.see("/en/forums/?show=mine").text()
