"""A member's card: warn, mute, suspend, lift, notes; what ends by itself, and on whom nobody acts."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from community.core import clock
from community.core.db import db, unit_of_work
from community.items.models import Post, State
from community.members.models import MemberState, SignIn
from community.messages.models import Mail
from community.moderation.actions import people
from community.moderation.models import Appeal, Decision, Deed, Note
from tests import makers


@pytest.fixture
def comments(app, anna):
    article = makers.article("Slapen")
    return [makers.comment(article, anna, f"Word {number}.") for number in range(3)]


def act(browser, person, deed, **fields):
    path = f"/moderation/members/{person.id}"
    return browser.send(path, {"deed": deed, "days": "7", "reason": "hate", "words": "", **fields})


def again(row):
    return db.session.get(type(row), row.id)


def sign_in(visitor, person, **fields):
    return visitor.send("/sign-in", {"email": person.email, "password": makers.PASSWORD, **fields})


def test_only_moderators_see_the_card(visitor, as_bob, as_editor, as_moderator, anna):
    path = f"/moderation/members/{anna.id}"
    assert visitor.get(path).location.startswith("/sign-in?next=")
    assert [browser.get(path).status_code for browser in (as_bob, as_editor)] == [403, 403]
    assert as_moderator.get(path).status_code == 200
    for deed in ("", "/lift", "/notes"):
        for browser in (as_bob, as_editor):
            sent = {"csrf_token": browser.token(), "deed": "suspend", "reason": "hate", "words": "x"}
            assert browser.post(path + deed, data=sent).status_code == 403


def test_a_moderator_knows_members_of_their_own_sites_alone(as_moderator):
    foreign = makers.member("Dale", site="en")
    assert as_moderator.get(f"/moderation/members/{foreign.id}").status_code == 404
    makers.comment(makers.article("Eten"), foreign)
    assert as_moderator.get(f"/moderation/members/{foreign.id}").status_code == 200


def test_the_card_shows_words_and_no_private_facts(as_moderator, anna, comments):
    makers.pregnancy(anna)
    makers.reply(makers.topic(makers.board(), makers.member()), anna, "A secret.", is_anonymous=True)
    with unit_of_work():
        again(anna).guarded_since = clock.now()
    words = as_moderator.see(f"/moderation/members/{anna.id}").css_first("main").text()
    assert all(part in words for part in ("Anna", "Word 1.", "Handle with care"))
    assert all(part not in words for part in ("example.org", "A secret", "week"))


def test_a_muted_member_reads_and_writes_again_by_the_day(as_moderator, as_anna, anna, comments):
    assert act(as_moderator, anna, "mute").status_code == 303
    path = "/nl/articles/slapen"
    assert as_anna.send(f"{path}/posts", {"body": "More."}, page=path).status_code == 422
    with unit_of_work():
        again(anna).muted_until = clock.now() - timedelta(seconds=1)
    assert as_anna.send(f"{path}/posts", {"body": "More."}, page=path).status_code == 303


def test_a_suspended_member_is_out_at_once_and_told_why_at_the_door(as_moderator, as_anna, visitor, anna):
    act(as_moderator, anna, "suspend", words="Enough for now.")
    assert again(anna).state == MemberState.SUSPENDED
    assert db.session.scalar(select(SignIn).where(SignIn.member_id == anna.id)) is None
    assert as_anna.get("/account/").location.startswith("/sign-in")
    assert sign_in(visitor, anna).location == "/account/decisions/closed"
    assert "Enough for now." in visitor.see("/account/decisions/closed").text()
    assert visitor.get("/account/").location.startswith("/sign-in")
    assert visitor.get("/account/decisions/").location.startswith("/sign-in")


def test_a_suspended_member_appeals_from_the_door_and_comes_in_again(as_moderator, as_admin, visitor, anna):
    act(as_moderator, anna, "suspend", days="0", words="Enough for now.")
    sign_in(visitor, anna)
    path = "/account/decisions/closed"
    assert visitor.send(path, {"words": ""}).status_code == 422
    assert visitor.send(path, {"words": "It was my brother."}).status_code == 303
    assert visitor.see(path).css_first("[name=words]") is None
    made = db.session.scalar(select(Appeal))
    as_admin.send(f"/moderation/appeals/{made.id}", {"outcome": "back", "words": "Then welcome back."})
    assert db.session.scalar(select(Mail).where(Mail.name == "appeal", Mail.member_id == anna.id))
    assert visitor.get(path).status_code == 404
    assert sign_in(visitor, anna).location == "/nl/home"


def test_who_does_not_know_the_password_learns_nothing(as_moderator, visitor, anna):
    act(as_moderator, anna, "suspend", words="Enough for now.")
    wrong = sign_in(visitor, anna, password="not my password at all")
    assert "Enough" not in wrong.text
    assert visitor.get("/account/decisions/closed").status_code == 404


def test_a_suspension_ends_by_itself_at_the_door(as_moderator, visitor, anna):
    act(as_moderator, anna, "suspend")
    with unit_of_work():
        again(anna).suspended_until = clock.now() - timedelta(seconds=1)
    assert sign_in(visitor, anna).status_code == 303
    assert again(anna).state == MemberState.ACTIVE


def test_a_suspension_ends_by_itself_where_nobody_comes(as_moderator, anna, bob):
    act(as_moderator, anna, "suspend")
    act(as_moderator, bob, "suspend", days="0")
    with unit_of_work():
        again(anna).suspended_until = clock.now() - timedelta(seconds=1)
    people.let_in_again()
    assert (again(anna).state, again(bob).state) == (MemberState.ACTIVE, MemberState.SUSPENDED)


def test_earlier_posts_go_and_come_back_in_one_step(as_moderator, visitor, anna, comments):
    hidden = makers.reply(makers.topic(makers.board(), makers.member()), anna, "Nobody.", is_anonymous=True)
    act(as_moderator, anna, "suspend", hides_earlier="y")
    assert {again(comment).state for comment in comments} == {State.HIDDEN}
    assert again(hidden).state == State.LIVE  # nothing joins an anonymous parent to the name
    assert "Word 1." not in visitor.get("/nl/articles/slapen").text
    as_moderator.send(f"/moderation/members/{anna.id}/lift", page=f"/moderation/members/{anna.id}")
    assert {again(comment).state for comment in comments} == {State.LIVE}
    assert again(anna).state == MemberState.ACTIVE


def test_a_deed_is_undone_with_all_that_went_with_it(as_moderator, anna, comments):
    act(as_moderator, anna, "suspend", hides_earlier="y")
    number = db.session.scalar(select(Decision.id))
    as_moderator.post(f"/moderation/decisions/{number}/undo", data={"csrf_token": as_moderator.token()})
    assert again(anna).state == MemberState.ACTIVE
    assert {post.state for post in db.session.scalars(select(Post))} == {State.LIVE}


def test_a_warning_is_told_and_takes_nothing(as_moderator, as_anna, anna, run_jobs):
    act(as_moderator, anna, "warn", words="A little kinder.")
    decision = db.session.scalar(select(Decision))
    assert (decision.deed, decision.person_id, decision.about) == (Deed.WARN, anna.id, anna.key)
    assert "A little kinder." in as_anna.see(f"/account/decisions/{decision.id}").text()


@pytest.mark.parametrize("deed", ["warn", "mute", "suspend"])
def test_nobody_acts_on_administrators_on_the_staff_or_on_themselves(deed, as_moderator, moderator, admin, browser_of):
    colleague = makers.member("Max", role="moderator", role_site="nl")
    editor = makers.member("Eef", role="editor", role_site="nl")
    makers.comment(makers.article("Eten"), admin)
    makers.comment(makers.article("Drinken"), moderator)
    for person in (admin, moderator, colleague, editor):
        sent = {"csrf_token": as_moderator.token(), "deed": deed, "days": "7", "reason": "hate"}
        assert as_moderator.post(f"/moderation/members/{person.id}", data=sent).status_code == 403
        assert (again(person).state, again(person).muted_until) == (MemberState.ACTIVE, None)


def test_an_administrator_acts_on_the_staff(as_admin, moderator):
    act(as_admin, moderator, "mute")
    assert again(moderator).muted_until


@pytest.mark.parametrize(
    "fields", [{"deed": ""}, {"deed": "keep"}, {"reason": ""}, {"days": "9999"}, {"words": "x" * 1001}]
)
def test_a_deed_needs_its_reason(as_moderator, anna, fields):
    assert act(as_moderator, anna, **{"deed": "mute", **fields}).status_code == 422
    assert again(anna).muted_until is None


def test_moderators_leave_each_other_notes(as_moderator, as_anna, anna):
    path = f"/moderation/members/{anna.id}"
    as_moderator.send(f"{path}/notes", {"words": "Had a hard <b>week</b>."}, page=path)
    assert "Had a hard <b>week</b>." in as_moderator.see(path).text()
    assert as_moderator.send(f"{path}/notes", {"words": ""}, page=path).status_code == 422
    assert db.session.query(Note).count() == 1


def test_the_card_costs_the_same_for_5_and_for_50_posts(as_moderator, anna, statements):
    article = makers.article("Veel")

    def add(count):
        for _ in range(count):
            makers.comment(article, anna)

    add(5)
    path = f"/moderation/members/{anna.id}"
    few = len(statements(lambda: as_moderator.see(path)))
    add(45)
    assert len(statements(lambda: as_moderator.see(path))) == few
