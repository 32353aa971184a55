"""Clubs: found, joined in one press, left as easily, offered and never forced; private to who is in them."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from dateutil.relativedelta import relativedelta
from sqlalchemy import select

from community.core import clock
from community.core.db import db, unit_of_work
from community.forums.actions import clubs as actions
from community.forums.queries import clubs as queries
from community.groups.models import DeclinedOffer, Group
from community.items import actions as items
from community.items.models import Follow, ReadPosition, Stance
from community.members.models import Member, MemberState
from community.members.queries import member_by_email
from community.profiles import actions as profiles
from community.profiles.queries import children_of, family_of
from community.sites.models import SITES
from community.touchpoints.models import Touchpoint, Verb
from tests import makers
from tests.conftest import Browser
from tests.readers import mails_of

EN = SITES["en"]


@pytest.fixture
def ella(app: Any) -> Member:
    """A member of the English site."""
    return makers.member("Ella", site="en")


@pytest.fixture
def as_ella(ella: Member, browser_of: Callable[[Any], Browser]) -> Browser:
    """Ella's browser."""
    return browser_of(ella)


def month(distance: int) -> str:
    """A month so many from this one."""
    return f"{clock.today() + relativedelta(months=distance):%Y-%m}"


def opened(of: str, *members: Member, site: str = "en") -> Group:
    """A club with its board and these members."""
    with unit_of_work():
        club = actions.open_club(SITES[site], of)
        for member in members:
            actions.join_club(SITES[site], of, db.session.get_one(Member, member.id))
    return club


def due(member: Member, day: date) -> None:
    """A pregnancy with this due date."""
    with unit_of_work():
        profiles.add_child(db.session.get_one(Member, member.id), "pregnancy", day, None)


def middle(of: str) -> date:
    """A day in a month."""
    return date.fromisoformat(f"{of}-15")


def offer_for(member: Member) -> Any:
    """The offer that a member gets now."""
    return queries.club_offer(member, family_of(member, clock.today()), clock.today())


def deeds_of(member: Member) -> list[str]:
    """What the record says that a member did with clubs."""
    query = select(Touchpoint.verb).where(Touchpoint.member_id == member.id, Touchpoint.verb.startswith("club."))
    return list(db.session.scalars(query.order_by(Touchpoint.id)))


def test_one_press_opens_a_club_and_lets_its_first_parent_in(as_ella: Browser, ella: Member) -> None:
    path = f"/en/clubs/{month(4)}/"
    assert as_ella.see("/en/clubs/").css_first(f'button[formaction="{path}join"]')
    answer = as_ella.post(f"{path}join", data={"csrf_token": as_ella.token()})
    assert (answer.status_code, answer.location) == (303, path)
    shown = as_ella.see(path)
    assert shown.css_first("h1").text() == f"Club {middle(month(4)):%B %Y}"
    assert "Ella" in shown.css_first("main").text()
    assert deeds_of(ella) == [Verb.CLUB_JOINED]


def test_joining_twice_is_joining_once(as_ella: Browser, ella: Member) -> None:
    token = as_ella.token()
    for _time in range(2):
        as_ella.post(f"/en/clubs/{month(4)}/join", data={"csrf_token": token})
    assert db.session.scalar(select(Group.member_count)) == 1
    assert deeds_of(ella) == [Verb.CLUB_JOINED]


def test_leaving_is_one_press_and_can_be_taken_back(as_ella: Browser, ella: Member) -> None:
    club = opened(month(4), ella)
    answer = as_ella.send(f"{club.path}leave", page=club.path)
    assert (answer.status_code, answer.location, ella.group_ids) == (303, "/en/clubs/", [])
    undo = as_ella.see("/en/clubs/").css_first("form.undo")
    assert undo.attributes["action"] == f"{club.path}join"
    token = undo.css_first("[name=csrf_token]").attributes["value"]
    as_ella.post(f"{club.path}join", data={"csrf_token": token})
    assert ella.group_ids == [club.id]
    assert deeds_of(ella) == [Verb.CLUB_JOINED, Verb.CLUB_LEFT, Verb.CLUB_JOINED]


def test_what_was_followed_ends_a_minute_after_leaving(ella: Member, bob: Member, run_jobs: Any) -> None:
    club = opened(month(4), ella, bob)
    elsewhere = makers.topic(makers.board(site="en"), ella)
    topic = makers.topic(queries.board_of(club), ella)
    with unit_of_work():
        for item in (elsewhere, topic):
            db.session.add(ReadPosition(member_id=ella.id, item_id=item.id, number=1, at=clock.now()))
        actions.leave_club(EN, club.month, db.session.get_one(Member, ella.id))
    clock.move_by(timedelta(seconds=30))
    run_jobs()
    assert follows_of(ella) == [None, elsewhere.id, topic.id]
    clock.move_by(timedelta(minutes=2))
    run_jobs()
    assert follows_of(ella) == [elsewhere.id]
    assert list(db.session.scalars(select(ReadPosition.item_id))) == [elsewhere.id]
    db.session.refresh(topic)
    assert topic.is_live
    assert topic.author_id == ella.id


def test_who_comes_back_finds_everything_as_it_was(ella: Member, run_jobs: Any) -> None:
    club = opened(month(4), ella)
    topic = makers.topic(queries.board_of(club), ella)
    for deed in (actions.leave_club, actions.join_club):
        with unit_of_work():
            deed(EN, club.month, db.session.get_one(Member, ella.id))
    clock.move_by(timedelta(minutes=2))
    run_jobs()
    assert follows_of(ella) == [None, topic.id]


def test_who_is_in_a_club_hears_of_what_begins_there_and_may_choose_not_to(
    as_ella: Browser, ella: Member, bob: Member, run_jobs: Any
) -> None:
    club = opened(month(4), ella, bob)
    makers.topic(queries.board_of(club), bob, "Who else feels sick?")
    run_jobs()
    assert ella.notice_count == 1
    assert "feels sick" in as_ella.see("/account/notices").text()
    with unit_of_work():
        member = db.session.get_one(Member, ella.id)
        items.follow(member, queries.board_of(club), Stance.MUTE)
    for deed in (actions.leave_club, actions.join_club):
        with unit_of_work():
            deed(EN, club.month, db.session.get_one(Member, ella.id))
    makers.topic(queries.board_of(club), bob, "And who is tired?")
    run_jobs()
    assert ella.notice_count == 1


def test_the_bell_forgets_a_club_that_was_left(ella: Member, bob: Member, run_jobs: Any) -> None:
    club = opened(month(4), ella, bob)
    makers.topic(queries.board_of(club), bob)
    run_jobs()
    counts = []
    for deed in (actions.leave_club, actions.join_club):
        with unit_of_work():
            deed(EN, club.month, db.session.get_one(Member, ella.id))
        counts.append(ella.notice_count)
    assert counts == [0, 1]


def test_a_topic_is_started_at_the_boards_own_address(as_ella: Browser, ella: Member, as_bob: Browser) -> None:
    club = opened(month(4), ella)
    start = f"/en/forums/club-{club.month}/start"
    assert as_ella.see(club.path).css_first(f'a[href="{start}"]')
    answer = as_ella.send(start, {"title": "Who else feels sick?", "body": "I am."})
    assert answer.status_code == 303
    assert "feels sick" in as_ella.see(club.path).text()
    as_bob.see(start, 404)
    as_ella.see(f"/en/forums/club-{month(5)}/start", 404)


def test_the_page_of_a_club_takes_the_same_statements_for_few_and_many(
    as_ella: Browser, ella: Member, bob: Member, statements: Any
) -> None:
    club = opened(month(4), ella, bob)
    makers.topic(queries.board_of(club), bob)
    path = club.path
    few = statements(lambda: as_ella.see(path))
    for _number in range(25):
        makers.topic(queries.board_of(club), makers.member(site="en"))
    opened(month(4), *(makers.member(site="en") for _number in range(20)))
    assert len(statements(lambda: as_ella.see(path))) == len(few) <= 8


def test_the_list_holds_a_year_back_and_ten_months_ahead_and_ones_own_first(as_ella: Browser, ella: Member) -> None:
    opened(month(2), ella)
    shown = as_ella.see("/en/clubs/")
    assert [link.attributes["href"] for link in shown.css(".club-row__month")] == [f"/en/clubs/{month(2)}/"]
    waiting = [button.attributes["formaction"] for button in shown.css("button.chips__chip")]
    to_come = [n for n in range(11) if n != 2]
    assert waiting == [f"/en/clubs/{month(n)}/join" for n in (*to_come, *range(-1, -13, -1))]


def test_only_a_club_with_somebody_in_it_is_listed_as_living(as_ella: Browser, bob: Member) -> None:
    opened(month(1), bob)
    opened(month(2))
    rows = as_ella.see("/en/clubs/").css(".club-row")
    assert [row.css_first("form").attributes["action"] for row in rows] == [f"/en/clubs/{month(1)}/join"]
    assert "1 parent" in rows[0].text()


def test_the_list_takes_the_same_statements_for_few_and_many_clubs(
    as_ella: Browser, ella: Member, statements: Any
) -> None:
    few = statements(lambda: as_ella.see("/en/clubs/"))
    for distance in range(-10, 10):
        opened(month(distance), ella)
    assert len(statements(lambda: as_ella.see("/en/clubs/"))) <= len(few) + 1 <= 8


@pytest.mark.parametrize("path", ["2015-03", "2099-01", "2027-13", "2027-3", "march"])
def test_a_month_that_has_no_club_is_not_found(visitor: Browser, as_ella: Browser, path: str) -> None:
    assert visitor.get(f"/en/clubs/{path}/").status_code == 404
    assert as_ella.post(f"/en/clubs/{path}/join", data={"csrf_token": as_ella.token()}).status_code == 404


def test_whoever_is_in_an_old_club_still_finds_it(as_ella: Browser, ella: Member, as_bob: Browser) -> None:
    club = opened(month(-30), ella)
    assert as_ella.see(club.path).css_first("h1")
    assert as_ella.see("/en/clubs/").css_first(f'a[href="{club.path}"]')
    as_bob.see(club.path, 404)


def test_a_visitor_reads_what_a_club_is_and_nothing_of_it(visitor: Browser, ella: Member) -> None:
    club = opened(month(4), ella)
    makers.topic(queries.board_of(club), ella, "Who else feels sick?")
    for path in ("/en/clubs/", club.path):
        text = visitor.see(path).text()
        assert "babies come" in text or "babies are due" in text
        assert not any(word in text for word in ("Ella", "feels sick", "1 parent", "topic"))
    door = visitor.see(club.path)
    assert not door.css("main form")
    assert any("register" in (link.attributes["href"] or "") for link in door.css("main a"))


def test_the_page_of_a_club_without_anybody_is_the_same_for_a_visitor(visitor: Browser, ella: Member) -> None:
    club = opened(month(4), ella)
    living, empty = visitor.get(club.path).text, visitor.get(f"/en/clubs/{month(5)}/").text
    name, other = f"{middle(month(4)):%B %Y}", f"{middle(month(5)):%B %Y}"
    assert living.replace(name, "").replace(month(4), "") == empty.replace(other, "").replace(month(5), "")


def test_a_visitor_who_wants_in_is_asked_to_sign_in(visitor: Browser) -> None:
    for deed in ("join", "leave", "decline", f"move-to/{month(5)}"):
        answer = visitor.post(f"/en/clubs/{month(4)}/{deed}", data={"csrf_token": visitor_token(visitor)})
        assert answer.status_code == 302
        assert "/sign-in" in answer.location
    assert db.session.scalars(select(Group)).all() == []


def test_a_member_outside_sees_the_door_with_one_press(as_bob: Browser, ella: Member) -> None:
    club = opened(month(4), ella)
    makers.topic(queries.board_of(club), ella, "Who else feels sick?")
    door = as_bob.see(club.path)
    assert "1 parent is in it" in door.text()
    assert "feels sick" not in door.text()
    assert "Ella" not in door.css_first("main").text()
    assert door.css_first("main form").attributes["action"] == f"{club.path}join"


def test_the_board_of_a_club_leads_to_its_page(visitor: Browser) -> None:
    answer = visitor.get(f"/en/forums/club-{month(4)}/")
    assert (answer.status_code, answer.location) == (301, f"/en/clubs/{month(4)}/")


def test_a_club_belongs_to_one_language(as_anna: Browser, anna: Member) -> None:
    club = opened(month(4), anna, site="nl")
    assert as_anna.see(club.path).css_first(f'form[action="{club.path}leave"]')
    door = as_anna.see(f"/en/clubs/{month(4)}/")
    assert door.css_first(f'form[action="/en/clubs/{month(4)}/join"]')


def test_a_due_date_brings_an_offer_and_joining_ends_it(as_ella: Browser, ella: Member) -> None:
    due(ella, middle(month(4)))
    offer = offer_for(ella)
    assert (offer.month, offer.leaving) == (month(4), None)
    as_ella.send(f"/en/clubs/{month(4)}/join", page="/en/clubs/")
    assert offer_for(ella) is None


def test_a_young_child_brings_an_offer_and_an_older_one_none(ella: Member, bob: Member) -> None:
    makers.child(ella, days_old=400)
    makers.child(bob, days_old=900)
    assert offer_for(ella).month == f"{clock.today('Europe/London') - timedelta(days=400):%Y-%m}"
    assert offer_for(bob) is None


def test_two_children_may_have_two_clubs(ella: Member) -> None:
    makers.child(ella, days_old=500)
    due(ella, middle(month(4)))
    first = offer_for(ella).month
    opened(first, ella)
    second = offer_for(ella)
    assert (first, second.leaving) == (month(4), None)
    assert second.month != first
    opened(second.month, ella)
    assert offer_for(ella) is None
    assert len(ella.group_ids) == 2


def test_twins_have_one_club(ella: Member) -> None:
    due(ella, middle(month(4)))
    due(ella, middle(month(4)))
    opened(month(4), ella)
    assert offer_for(ella) is None


def test_not_now_is_not_asked_again(as_ella: Browser, ella: Member) -> None:
    due(ella, middle(month(4)))
    as_ella.send(f"/en/clubs/{month(4)}/decline", page="/en/clubs/")
    as_ella.post(f"/en/clubs/{month(4)}/decline", data={"csrf_token": as_ella.token()})
    assert offer_for(ella) is None
    assert len(db.session.scalars(select(DeclinedOffer)).all()) == 1


def moved_date(member: Member, distance: int) -> None:
    """A member in the club of her month corrects the date to another."""
    due(member, middle(month(4)))
    opened(month(4), member)
    with unit_of_work():
        child = children_of(db.session.get_one(Member, member.id))[0]
        profiles.change_child(child, child.kind, middle(month(distance)), None, 0)


def test_a_changed_date_offers_a_move_with_both_answers(as_ella: Browser, ella: Member) -> None:
    moved_date(ella, 5)
    assert (offer_for(ella).month, offer_for(ella).leaving.month) == (month(5), month(4))
    assert ella.group_ids != []
    assert offer_for(ella) is not None
    buttons = [button.text() for button in as_ella.see("/en/clubs/").css("section.club-offer button")]
    assert buttons == [
        f"Move to Club {middle(month(5)):%B %Y}",
        f"Stay in Club {middle(month(4)):%B %Y}",
    ]


def test_moving_is_one_press_and_can_be_taken_back(as_ella: Browser, ella: Member) -> None:
    moved_date(ella, 5)
    path = f"/en/clubs/{month(4)}/move-to/{month(5)}"
    answer = as_ella.send(path, page="/en/clubs/")
    assert answer.location == f"/en/clubs/{month(5)}/"
    assert months_of(ella) == [month(5)]
    undo = as_ella.see(answer.location).css_first("form.undo")
    as_ella.post(
        undo.attributes["action"],
        data={"csrf_token": undo.css_first("[name=csrf_token]").attributes["value"]},
    )
    assert months_of(ella) == [month(4)]


def test_staying_is_one_press_and_final(as_ella: Browser, ella: Member) -> None:
    moved_date(ella, 5)
    as_ella.send(f"/en/clubs/{month(5)}/decline", page="/en/clubs/")
    assert (months_of(ella), offer_for(ella)) == ([month(4)], None)


def test_a_club_far_from_the_new_date_is_kept_beside_it(ella: Member) -> None:
    moved_date(ella, 9)
    assert (offer_for(ella).month, offer_for(ella).leaving) == (month(9), None)


def test_a_baby_born_early_stays_with_the_parents_of_its_due_month(ella: Member) -> None:
    due(ella, clock.today() + timedelta(days=40))
    opened(f"{clock.today() + timedelta(days=40):%Y-%m}", ella)
    with unit_of_work():
        child = children_of(db.session.get_one(Member, ella.id))[0]
        profiles.change_child(child, "child", child.due_on, clock.today(), 5)
    assert offer_for(ella) is None


def test_nothing_is_offered_after_something_changed(ella: Member) -> None:
    due(ella, middle(month(4)))
    makers.child(ella, days_old=300)
    with unit_of_work():
        member = db.session.get_one(Member, ella.id)
        profiles.stop(member, [child for child in children_of(member) if child.is_pregnancy])
    assert offer_for(ella) is None


def test_a_new_pregnancy_offers_no_move_from_the_club_of_one_that_stopped(ella: Member) -> None:
    due(ella, middle(month(4)))
    opened(month(4), ella)
    with unit_of_work():
        member = db.session.get_one(Member, ella.id)
        profiles.stop(member, children_of(member))
    due(ella, middle(month(6)))
    assert (offer_for(ella).month, offer_for(ella).leaving) == (month(6), None)


def test_a_new_member_with_a_due_date_is_in_the_club_in_three_steps(visitor: Browser) -> None:
    path = f"/en/clubs/{month(4)}/"
    fields = {"email": "nina@example.org", "name": "Nina", "password": makers.PASSWORD}
    register = f"/register?site=en&next=/en/clubs/{month(4)}/"
    visitor.send(register, {**fields, "due_date": middle(month(4)).isoformat()})  # 1: registers
    nina = member_by_email("nina@example.org")
    link = re.search(r"http://localhost(/confirm/\S+)", mails_of(nina.id)[-1].text)
    assert visitor.send(link[1]).location == path  # 2: confirms by the mailed link
    visitor.send(f"{path}join", page=path)  # 3: joins
    assert nina.state == MemberState.ACTIVE
    assert months_of(nina) == [month(4)]


def test_the_block_of_home_is_an_offer_or_the_newest_talk_of_ones_clubs(ella: Member, bob: Member) -> None:
    due(ella, middle(month(4)))
    assert block_of(ella).offer.month == month(4)
    club = opened(month(4), ella, bob)
    titles = [makers.topic(queries.board_of(club), bob, f"Talk {n}").title for n in range(5)]
    block = block_of(ella)
    assert (block.offer, [one.path for one in block.clubs]) == (None, [club.path])
    assert [topic.title for topic in block.topics] == titles[:1:-1]
    assert block_of(makers.member(site="en")) is None


def test_the_block_of_home_takes_two_statements_at_most(ella: Member, bob: Member, statements: Any) -> None:
    due(ella, middle(month(4)))
    for distance in range(4, 7):
        for _number in range(3):
            makers.topic(queries.board_of(opened(month(distance), ella, bob)), bob)
    today, family = clock.today(), family_of(ella, clock.today())
    assert len(statements(lambda: queries.club_block(ella, EN, family, today))) == 2


def block_of(member: Member) -> Any:
    """What home shows a member of clubs."""
    return queries.club_block(member, EN, family_of(member, clock.today()), clock.today())


def follows_of(member: Member) -> list[int | None]:
    """The items that a member follows, and None for each board."""
    return list(db.session.scalars(select(Follow.item_id).where(Follow.member_id == member.id).order_by(Follow.id)))


def months_of(member: Member) -> list[str]:
    """The months of a member's clubs."""
    return list(db.session.scalars(select(Group.month).where(Group.id.in_(member.group_ids)).order_by(Group.month)))


def visitor_token(visitor: Browser) -> str:
    """The token of a visitor's session, as the door's forms hold it."""
    shown = visitor.see("/sign-in?site=en")
    return str(shown.css_first("[name=csrf_token]").attributes["value"])
