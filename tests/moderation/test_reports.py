"""`/report/<kind>/<id>`: anybody may say that something should not stand."""

from datetime import timedelta

import pytest

from community.core import clock
from community.core.db import db, unit_of_work
from community.core.limits import limiter
from community.items.models import State
from community.items.queries import post_by_id
from community.members.models import MemberState
from community.members.queries import member_by_id
from community.messages.models import Notice, NoticeKind
from community.moderation.models import Concern, Report
from community.touchpoints.models import Touchpoint
from tests import makers


@pytest.fixture
def article(app):
    return makers.article("Slapen")


@pytest.fixture
def post(article, anna):
    return makers.comment(article, anna, "Give it whisky.")


def path_of(thing):
    return "/report/" + thing.key.replace(":", "/")


def report(browser, thing, reason="medical", **fields):
    return browser.send(path_of(thing), {"reason": reason, **fields})


def trusted(name, right=0):
    """A member whose reports count 3, as they read and were thanked."""
    member = makers.member(name)
    with unit_of_work():
        for number in range(right):
            concern = Concern(about=f"post:{number}", site=member.site, kind="reported", reason="spam", harm=1)
            concern.opened_at = concern.decided_at = clock.now()
            concern.reports = [Report(reporter_id=member.id, reason="spam", was_right=True, at=clock.now())]
            db.session.add(concern)
    return member


def decide(browser, thing, deed, **fields):
    concern = db.session.query(Concern).filter_by(open_key=thing.key).one()
    path = f"/moderation/concerns/{concern.id}"
    return browser.post(path, data={"csrf_token": browser.token(), "deed": deed, **fields})


def test_a_visitor_reports_and_reads_what_happens(visitor, post):
    answer = report(visitor, post, note="A baby!")
    assert answer.location.startswith("/report/thanks")
    assert "A moderator reads it" in visitor.get("/report/thanks?site=en").text
    concern = db.session.query(Concern).one()
    assert (concern.about, concern.kind, concern.reason, concern.harm) == (post.key, "reported", "medical", 2)
    assert db.session.query(Report).one().weight == 0, "a visitor's word hides nothing"


@pytest.mark.parametrize("kind", ["post", "article", "topic", "member"])
def test_every_kind_of_thing_can_be_reported(kind, as_bob, anna, article, post):
    topic = makers.topic(makers.board(), anna)
    thing = {"post": post, "article": article, "topic": topic, "member": anna}[kind]
    assert report(as_bob, thing).status_code == 303
    about = db.session.query(Concern).one().about
    assert about == (f"post:{topic.last_post_number + post.id}" if kind == "topic" else thing.key)


def test_a_report_is_kept_as_a_deed_once(as_bob, bob, post):
    report(as_bob, post)
    told = db.session.query(Touchpoint).filter_by(verb="item.reported").one()
    assert (told.member_id, told.about, told.facts) == (bob.id, post.key, {"reason": "medical"})


def test_who_reports_twice_is_told_so(as_bob, post):
    report(as_bob, post)
    again = report(as_bob, post)
    assert (again.status_code, 'id="errors"' in again.text) == (422, True)
    assert db.session.query(Report).count() == 1


def test_nobody_reports_what_is_theirs(as_anna, anna, post):
    anonymous = makers.reply(makers.topic(makers.board(), anna), anna, is_anonymous=True)
    for thing in (post, anonymous, anna):
        assert "This is yours" in as_anna.get(path_of(thing) + "?site=en").text
        answer = as_anna.post(path_of(thing), data={"csrf_token": as_anna.token(), "reason": "spam"})
        assert answer.status_code == 422
    assert db.session.query(Concern).count() == 0


def test_what_a_reader_may_not_see_is_not_there(visitor, as_bob, anna, bob, article):
    held = makers.comment(article, makers.member(), "See https://shop.example/")
    draft = makers.article("Nog niet", state=State.DRAFT)
    club = makers.club(members=[anna])
    secret = makers.reply(makers.topic(makers.board(club=club), anna), anna)
    gone = makers.member()
    makers.set_state(gone, MemberState.SUSPENDED)
    token = as_bob.token()
    for thing in (held, draft, secret, gone):
        assert visitor.get(path_of(thing)).status_code == 404
        assert as_bob.get(path_of(thing)).status_code == 404
        assert as_bob.post(path_of(thing), data={"csrf_token": token, "reason": "spam"}).status_code == 404
    assert visitor.get("/report/nothing/1").status_code == 404
    assert visitor.get("/report/post/999999").status_code == 404


@pytest.mark.parametrize("fields", [{}, {"reason": "mood"}, {"reason": "hate", "note": "x" * 1_001}])
def test_a_report_without_a_reason_or_with_too_many_words_is_asked_again(as_bob, post, fields):
    assert as_bob.send(path_of(post), fields).status_code == 422
    assert db.session.query(Concern).count() == 0


def test_a_report_needs_the_token_of_its_form(visitor, post):
    assert visitor.post(path_of(post), data={"reason": "hate"}).status_code == 400


def test_three_members_who_were_right_before_hide_a_post_until_a_moderator_looks(
    browser_of, as_anna, as_moderator, visitor, article, post
):
    for name in ("Cleo", "Dirk"):
        member = trusted(name, right=10)  # 1 + 0 + 2
        report(browser_of(member), post)
    assert post_by_id(post.id).state == State.LIVE
    report(browser_of(trusted("Els", right=10)), post)
    hidden = post_by_id(post.id)
    assert (hidden.state, hidden.held_because) == (State.HELD, "flags")
    assert "whisky" not in visitor.get(article.path).text
    shown = as_moderator.see("/moderation/").css_first(".concern").text()
    assert "counts 3: every member 1, for earlier reports 2" in " ".join(shown.split())
    assert "Together 9." in shown
    own = as_anna.get(article.path).text
    assert "whisky" in own
    assert "Cleo" not in own


def test_after_a_decision_it_is_reported_anew_only_when_it_changed(as_bob, as_anna, as_moderator, browser_of, post):
    report(as_bob, post)
    decide(as_moderator, post, "keep")
    cleo = browser_of(makers.member("Cleo"))
    assert report(cleo, post).status_code == 422
    clock.move_by(timedelta(minutes=1))
    as_anna.send(f"/nl/posts/{post.id}/edit", {"body": "Give it gin."})
    assert report(cleo, post).status_code == 303


def test_reporters_hear_what_became_of_it(as_bob, bob, as_moderator, anna, post, run_jobs):
    report(as_bob, post)
    decide(as_moderator, post, "keep")
    clock.move_by(timedelta(seconds=16))
    run_jobs()
    notice = db.session.query(Notice).filter_by(kind=NoticeKind.REPORT).one()
    assert (notice.member_id, notice.facts["deed"]) == (bob.id, "keep")
    assert db.session.query(Notice).filter_by(member_id=anna.id, kind=NoticeKind.DECISION).count() == 0
    assert db.session.query(Report).one().was_right is False


def test_the_reporter_is_nowhere_on_the_authors_pages(as_bob, as_anna, as_moderator, anna, article, post, run_jobs):
    report(as_bob, post, note="Bob says so")
    decide(as_moderator, post, "hide", reason="medical")
    clock.move_by(timedelta(seconds=16))
    run_jobs()
    for notice in db.session.query(Notice).filter_by(member_id=anna.id):
        assert "Bob" not in str(notice.facts)
    assert "Bob" not in as_anna.get("/account/notices").text


@pytest.mark.parametrize("page", ["article", "profile"])
def test_every_page_of_something_leads_to_its_report(page, visitor, as_bob, anna, article, post):
    path = article.path if page == "article" else member_by_id(anna.id).path
    links = {link.attributes.get("href", "").split("?")[0] for link in as_bob.see(path).css("a")}
    expected = {path_of(article), path_of(post)} if page == "article" else {path_of(anna)}
    assert expected <= links
    assert "/report/" in visitor.get(path).text


def test_a_network_reports_20_times_a_day(visitor, anna, article):
    posts = [makers.comment(article, anna, f"Comment {number}") for number in range(21)]
    limiter.begin({"REDIS_URL": "", "LIMITS": "on"})
    try:
        answers = [report(visitor, post) for post in posts]
    finally:
        limiter.begin({"REDIS_URL": "", "LIMITS": "off"})
    assert [answer.status_code for answer in answers] == [303] * 20 + [429]
    assert int(answers[-1].headers["Retry-After"]) > 0
