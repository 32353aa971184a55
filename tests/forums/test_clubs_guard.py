"""A club is private to who is in it, and after "something changed" nothing names it to its own member."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from dateutil.relativedelta import relativedelta
from sqlalchemy import select

from community.core import clock
from community.core.db import db, unit_of_work
from community.forums.actions import clubs as actions
from community.forums.models import Topic
from community.forums.queries.clubs import board_of, club_block
from community.groups.models import Group
from community.home.actions import find_due_letters
from community.home.queries.weekly import letter_for
from community.items.models import Post
from community.members.models import Member
from community.messages.actions.notices import mail_unread
from community.messages.models import Notice
from community.personalisation.queries import recommended_for
from community.profiles import actions as profiles
from community.profiles.queries import children_of, family_of
from community.sites.models import SITES
from community.touchpoints.models import Touchpoint, Verb
from tests import makers
from tests.conftest import Browser
from tests.readers import mails_of

EN = SITES["en"]
SECRET = "Nausea at the office"
LISTS = (
    *("/en/", "/en/home", "/en/articles/", "/en/forums/", "/en/forums/?show=new", "/en/forums/?show=mine"),
    *("/en/clubs/", "/en/feed.xml", "/en/forums/feed.xml", "/account/notices", "/account/following"),
)


@pytest.fixture
def ella(app: Any) -> Member:
    """A parent to be, in the club of her month, where she asked something."""
    return makers.member("Ella", site="en", consents=("personalisation", "analytics", "mail"))


@pytest.fixture
def fenna(app: Any) -> Member:
    """Another parent of that club."""
    return makers.member("Fenna", site="en")


@pytest.fixture
def as_ella(ella: Member, browser_of: Callable[[Any], Browser]) -> Browser:
    """Ella's browser."""
    return browser_of(ella)


@pytest.fixture
def club(ella: Member, fenna: Member) -> Group:
    """The club of both."""
    month = f"{clock.today() + relativedelta(months=4):%Y-%m}"
    with unit_of_work():
        member = db.session.get_one(Member, ella.id)
        profiles.add_child(member, "pregnancy", date.fromisoformat(f"{month}-15"), None)
        for parent in (member, db.session.get_one(Member, fenna.id)):
            found = actions.join_club(EN, month, parent)
    return found


@pytest.fixture
def topic(club: Group, ella: Member, fenna: Member) -> Topic:
    """What Ella asked there, answered and edited."""
    made = makers.topic(board_of(club), ella, SECRET, "I hide it from everybody.")
    makers.reply(made, fenna, "So did I, with crackers.")
    return made


@pytest.fixture
def outsiders(visitor: Browser, as_bob: Browser, as_editor: Browser, browser_of: Any) -> list[Browser]:
    """Who is not in the club: a visitor, members, an editor, a moderator of another site."""
    elsewhere = makers.member("Moira", site="en", role="moderator", role_site="nl")
    return [visitor, as_bob, as_editor, browser_of(elsewhere)]


def stop(member: Member) -> None:
    """Something changed."""
    with unit_of_work():
        found = db.session.get_one(Member, member.id)
        profiles.stop(found, children_of(found))


def posts_of(topic: Topic) -> list[int]:
    """The numbers of the rows of its posts."""
    return list(db.session.scalars(select(Post.id).where(Post.item_id == topic.id)))


def test_who_is_in_it_reads_what_a_club_says(as_ella: Browser, club: Group, topic: Topic) -> None:
    assert SECRET in as_ella.see(club.path).text()
    assert "crackers" in as_ella.see(topic.path).text()


def test_nobody_outside_opens_anything_of_it(
    outsiders: list[Browser], as_bob: Browser, club: Group, topic: Topic
) -> None:
    board = f"/en/forums/club-{club.month}/"
    addresses = [topic.path, f"{topic.path}?page=1", f"{topic.path}/reply", f"{board}start", f"{board}feed.xml"]
    addresses += [f"/report/topic/{topic.id}", f"{topic.path}/unread"]
    for number in posts_of(topic):
        addresses.append(f"/report/post/{number}")
        addresses += [f"/en/forums/posts/{number}", f"/en/forums/posts/{number}/history", f"/en/posts/{number}"]
    for outsider in outsiders:
        for path in addresses:
            answer = outsider.get(path)
            is_asked_in = path.endswith("/unread") and outsider is outsiders[0]
            assert answer.status_code == (302 if is_asked_in else 404), (path, answer.status_code)
            assert SECRET not in answer.text
    token = as_bob.token()
    for path in (f"{topic.path}/posts", f"{board}start"):
        answer = as_bob.post(path, data={"csrf_token": token, "title": "Me", "body": "Me too"})
        assert answer.status_code == 404, path
    assert len(posts_of(topic)) == 2


def test_no_list_outside_holds_a_word_of_it(outsiders: list[Browser], ella: Member, club: Group, topic: Topic) -> None:
    makers.article("Sleep", site="en")
    makers.topic(makers.board("Sleep", site="en"), ella, "Tired")
    pages = [*LISTS, "/sitemap.xml", "/en/sitemap.xml", "/en/sitemap-1.xml", "/en/themes/sleep/feed.xml", ella.path]
    pages += [club.path, "/en/search?q=nausea", "/en/forums/feed.xml", "/en/forums/similar?title=nausea+office"]
    for outsider in outsiders:
        for path in pages:
            text = outsider.get(path, follow_redirects=True).text
            for word in (SECRET, "crackers", topic.path):
                assert word not in text, (path, word)


def test_a_profile_shows_club_talk_to_the_club_alone(
    as_bob: Browser, browser_of: Any, ella: Member, fenna: Member, topic: Topic
) -> None:
    assert "hide it" in browser_of(fenna).see(ella.path).text()
    assert "hide it" not in as_bob.see(ella.path).text()


def test_nothing_of_a_club_is_recommended_outside(bob: Member, topic: Topic) -> None:
    today = clock.today()
    found = recommended_for(bob, EN, family_of(bob, today), 40, today)
    assert topic.id not in [one.item.id for one in found]


def test_the_beacon_takes_no_read_of_a_club_from_outside(as_bob: Browser, as_ella: Browser, topic: Topic) -> None:
    for browser in (as_bob, as_ella):
        browser.post("/read", data={"item": topic.key, "seconds": "9", "share": "1"}, headers=from_here())
    left = select(Touchpoint.member_id).where(Touchpoint.verb == Verb.PAGE_LEFT, Touchpoint.about == topic.key)
    assert len(db.session.scalars(left).all()) == 1


def test_a_moderator_of_the_site_opens_a_topic_by_its_address_alone(browser_of: Any, topic: Topic) -> None:
    keeper = browser_of(makers.member("Mira", site="en", role="moderator", role_site="en"))
    assert "crackers" in keeper.see(topic.path).text()
    for path in LISTS:
        assert SECRET not in keeper.get(path, follow_redirects=True).text, path


def test_who_left_reads_no_more_and_hears_no_more(
    as_ella: Browser, ella: Member, fenna: Member, club: Group, topic: Topic, run_jobs: Any
) -> None:
    as_ella.send(f"{club.path}leave", page=club.path)
    makers.reply(topic, fenna, "Are you still there?")
    run_jobs()
    as_ella.see(topic.path, 404)
    heard = select(Notice.id).join(Post, Post.id == Notice.post_id).where(Notice.member_id == ella.id)
    assert db.session.scalars(heard.where(Post.number == 3)).all() == []


def test_after_something_changed_nothing_names_club_week_or_baby_for_sixty_days(
    as_ella: Browser, ella: Member, fenna: Member, club: Group, topic: Topic, run_jobs: Any
) -> None:
    makers.article("Week by week", site="en", stage=(-120, -100))
    makers.article("Sleep", site="en")
    run_jobs()
    stop(ella)
    mail_count = len(mails_of(ella.id))
    for days in (0, 1, 6, 23, 30):
        clock.move_by(timedelta(days=days, minutes=15))
        makers.reply(topic, fenna, f"Day {days}")
        makers.topic(board_of(club), fenna, f"{SECRET} {days}")
        run_jobs()
        find_due_letters()
        mail_unread()
        run_jobs()
        for path in LISTS:
            shown = as_ella.get(path, follow_redirects=True).text
            for word in (SECRET, club.path, f"{club.first_day:%B %Y}", "crackers"):
                assert word not in shown, (path, word, days)
            assert "Week by week" not in shown or path.endswith(".xml"), (path, days)  # a feed is the same for all
        assert len(mails_of(ella.id)) == mail_count
        today = clock.today()
        assert club_block(ella, EN, family_of(ella, today), today) is None
        assert letter_for(ella, today).is_empty
        found = recommended_for(ella, EN, family_of(ella, today), 40, today)
        assert topic.id not in [one.item.id for one in found]


def test_after_something_changed_the_club_is_there_by_its_address(
    as_ella: Browser, ella: Member, club: Group, topic: Topic
) -> None:
    stop(ella)
    clock.move_by(timedelta(days=60))
    assert SECRET in as_ella.see(club.path).text()
    assert "crackers" in as_ella.see(topic.path).text()
    assert as_ella.see(f"/en/forums/club-{club.month}/").css_first("h1").text().startswith("Club")
    assert club.path not in as_ella.get("/en/clubs/").text
    assert as_ella.see("/en/clubs/?show=clubs").css_first(f'a[href="{club.path}"]')
    assert as_ella.send(f"{club.path}leave", page=club.path).status_code == 303
    assert ella.group_ids == []


def test_after_something_changed_no_notice_of_a_club_comes(
    ella: Member, fenna: Member, topic: Topic, run_jobs: Any
) -> None:
    run_jobs()
    stop(ella)
    makers.reply(topic, fenna, "How are you?")
    run_jobs()
    heard = select(Notice.id).join(Post, Post.id == Notice.post_id).where(Notice.member_id == ella.id)
    assert db.session.scalars(heard.where(Post.number == 3)).all() == []


def from_here() -> dict[str, str]:
    """The headers of a request that our own page sends."""
    return {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}
