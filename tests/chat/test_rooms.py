"""The rooms without a script: who comes in, what is said, changed and taken away, and what is new."""

from datetime import timedelta

import pytest

from community.chat.models import Line, Room, RoomVisit
from community.chat.queries import A_PAGE
from community.core import clock
from community.core.db import db, unit_of_work
from community.groups import actions as groups
from community.items import actions as items
from community.items.models import Stance, State
from community.members.models import Member
from community.moderation.actions import words
from community.sites.models import SITES
from community.touchpoints.models import Verb
from tests import readers

TABLE = "/nl/chat/kitchen-table"


def said(page):
    return [body.text().strip() for body in page.css(".line__body")]


def say(browser, text, room=TABLE):
    return browser.send(room, {"body": text}, follow_redirects=True)


def lines():
    return db.session.query(Line).order_by(Line.id).all()


@pytest.fixture
def club(anna):
    """A club that Anna is in."""
    with unit_of_work():
        made = groups.open_club(SITES["nl"], "2027-03")
        groups.join(made, db.session.get_one(Member, anna.id))
        return made


def test_what_one_says_another_reads(as_anna, as_bob):
    say(as_anna, "Is anybody **awake**?")
    page = as_bob.see(TABLE)
    assert said(page) == ["Is anybody awake?"]
    assert page.css_first(".line__name").text(strip=True) == "Anna"


def test_a_visitor_is_asked_to_sign_in(visitor):
    assert "/sign-in" in visitor.get(TABLE).location
    assert "/sign-in" in visitor.get("/nl/chat/").location


def test_the_same_form_sent_twice_says_it_once(as_anna):
    page = as_anna.see(TABLE)
    fields = {i.attributes["name"]: i.attributes["value"] for i in page.css("#say input[type=hidden]")}
    for _time in range(2):
        assert as_anna.post(TABLE, data={**fields, "body": "Once"}).status_code == 303
    assert [line.body for line in lines()] == ["Once"]


def test_a_club_room_is_for_its_members_alone(as_anna, as_bob, as_moderator, club):
    room = "/nl/chat/club-2027-03"
    assert say(as_anna, "Just us", room).status_code == 200
    for browser in (as_bob, as_moderator):
        assert browser.get(room).status_code == 404
        assert browser.get("/report/line/1").status_code == 404
        token = browser.token()
        assert browser.post(room, data={"csrf_token": token, "body": "Hello"}).status_code == 404
    assert len(lines()) == 1


def test_there_is_no_room_for_a_club_that_one_is_not_in(as_bob, club):
    assert as_bob.get("/nl/chat/club-2027-03").status_code == 404
    assert as_bob.get("/nl/chat/nowhere").status_code == 404


def test_the_list_shows_ones_rooms_with_what_is_new(as_anna, as_bob, club):
    as_anna.see(TABLE)
    say(as_bob, "One")
    say(as_bob, "Two")
    page = as_anna.see("/nl/chat/")
    doors = [door.text(strip=True) for door in page.css(".door__title")]
    assert len(doors) == 2
    assert "2" in page.css_first(".door .tag").text()
    assert len(as_bob.see("/nl/chat/").css(".door")) == 1


def test_after_something_changed_no_club_is_shown_unasked(as_anna, anna, club):
    with unit_of_work():
        db.session.get_one(Member, anna.id).guarded_since = clock.now()
    assert len(as_anna.see("/nl/chat/").css(".door")) == 1
    assert len(as_anna.see("/nl/chat/?show=clubs").css(".door")) == 2


def test_what_is_new_stands_below_a_line(as_anna, as_bob):
    say(as_bob, "Before")
    as_anna.see(TABLE)
    say(as_bob, "After")
    page = as_anna.see(TABLE)
    assert page.css_first("#new") is not None
    assert page.css_first("#new").next.next.attributes["id"] == f"line-{lines()[1].id}"
    assert as_anna.see(TABLE).css_first("#new") is None


def test_who_is_here_is_shown_for_two_minutes(as_anna, as_bob, bob):
    as_bob.see(TABLE)
    assert "Bob" in as_anna.see(TABLE).css_first(".club-people").text()
    with unit_of_work():
        for visit in db.session.query(RoomVisit):
            visit.seen_at -= timedelta(minutes=3)
    assert "Bob" not in as_anna.see(TABLE).css_first(".club-people").text()


def test_older_lines_stand_a_page_before(as_anna, anna):
    as_anna.see(TABLE)
    say_many(anna, A_PAGE + 5)
    page = as_anna.see(TABLE)
    assert len(page.css(".line")) == A_PAGE
    older = as_anna.see(page.css_first("a[href*='?before=']").attributes["href"])
    assert len(older.css(".line")) == 5
    assert older.css_first("#say") is None


def test_a_line_has_a_lasting_address(as_anna, anna):
    as_anna.see(TABLE)
    say_many(anna, A_PAGE + 30)
    first = lines()[0]
    to = as_anna.get(f"{TABLE}/lines/{first.id}").location
    assert to.endswith(f"#line-{first.id}")
    assert as_anna.see(to.split("#")[0]).css_first(f"#line-{first.id}") is not None


def test_ones_own_line_is_changed_within_a_quarter_of_an_hour(as_anna, as_bob):
    say(as_anna, "Tipo")
    edit = f"{TABLE}/lines/{lines()[0].id}/edit"
    as_anna.send(edit, {"body": "Typo"})
    assert said(as_bob.see(TABLE)) == ["Typo"]
    assert as_bob.get(edit).status_code == 403
    clock.move_by(timedelta(minutes=16))
    page = as_anna.see(edit)
    assert page.css_first("textarea") is None
    assert as_anna.post(edit, data={"csrf_token": as_anna.token(), "body": "Later"}).status_code == 403


def test_ones_own_line_is_taken_away(as_anna, as_bob):
    say(as_anna, "Never mind")
    path = f"{TABLE}/lines/{lines()[0].id}"
    assert as_bob.post(f"{path}/delete", data={"csrf_token": as_bob.token()}).status_code == 403
    as_anna.send(f"{path}/delete", page=f"{path}/edit")
    assert said(as_bob.see(TABLE)) == []
    assert as_bob.get(path).status_code == 404


def test_a_blocked_persons_line_is_folded(as_anna, as_bob, anna, bob):
    say(as_bob, "Look at me")
    with unit_of_work():
        items.follow(db.session.get_one(Member, anna.id), db.session.get_one(Member, bob.id), Stance.BLOCK)
    assert as_anna.see(TABLE).css_first(".line details .line__body") is not None
    assert as_bob.see(TABLE).css_first(".line details") is None


def test_a_watched_word_lets_a_line_wait(as_anna, as_bob, anna, moderator):
    with unit_of_work():
        words.watch(SITES["nl"], "casino", False, db.session.get_one(Member, moderator.id))
    say(as_anna, "Casino tonight")
    assert said(as_bob.see(TABLE)) == []
    assert said(as_anna.see(TABLE)) == ["Casino tonight"]
    assert lines()[0].state == State.HELD
    assert told_of(anna) == []


def test_who_is_muted_reads_and_does_not_write(as_anna, anna):
    as_anna.see(TABLE)
    with unit_of_work():
        db.session.get_one(Member, anna.id).muted_until = clock.now() + timedelta(days=1)
    answer = say(as_anna, "Hello")
    assert answer.status_code == 422
    assert lines() == []
    assert "Hello" in answer.text


def test_what_is_live_is_told_to_the_record(as_anna, anna):
    say(as_anna, "Hello")
    told = told_of(anna)
    assert [(one.about, one.facts) for one in told] == [("room:1", {"line_id": lines()[0].id})]


def test_markup_of_a_line_runs_nowhere(as_anna, as_bob):
    say(as_anna, "<script>alert(1)</script> <img src=x onerror=alert(1)>")
    page = as_bob.see(TABLE)
    assert page.css("#lines script, #lines img") == []


def test_a_page_costs_the_same_with_more_lines(as_anna, as_bob, bob, statements):
    counts = []
    as_anna.see(TABLE)
    for more in (5, 45):
        say_many(bob, more)
        as_anna.see(TABLE)
        counts.append(len(statements(lambda: as_anna.see(TABLE))))
    assert counts[0] == counts[1] <= 11


def test_the_list_of_rooms_costs_the_same_with_more_lines(as_anna, bob, statements):
    counts = []
    as_anna.see(TABLE)
    for more in (5, 45):
        say_many(bob, more)
        counts.append(len(statements(lambda: as_anna.see("/nl/chat/"))))
    assert counts[0] == counts[1]


def test_a_site_has_one_room_however_often_it_is_opened(as_anna, as_bob):
    for browser in (as_anna, as_bob):
        browser.see("/nl/chat/")
        browser.see(TABLE)
    assert [room.path for room in db.session.query(Room)] == [TABLE]


def told_of(member):
    return [one for one in readers.touchpoints_of(member.id) if one.verb == Verb.CHAT_WRITTEN]


def say_many(by, count):
    with unit_of_work():
        room = db.session.query(Room).first()
        now = clock.now()
        db.session.add_all(
            Line(room_id=room.id, author_id=by.id, body=f"Line {n}", body_html=f"<p>Line {n}</p>", at=now)
            for n in range(count)
        )
