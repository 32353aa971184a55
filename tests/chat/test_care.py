"""What is said in a chat is cared for as posts are: reported, decided about, appealed; and it goes in its time."""

from datetime import timedelta

import pytest

from community.chat import actions
from community.chat.models import Line, Room, RoomEvent
from community.core import clock
from community.core.db import db, unit_of_work
from community.items.models import State
from community.members.models import Member
from community.moderation.actions import people
from community.moderation.models import Concern, Decision
from community.operations.actions import leaving
from community.operations.queries.personal import everything_about
from community.sites.models import SITES
from community.touchpoints.models import Verb
from tests import makers, readers
from tests.chat.test_rooms import TABLE, lines, said, say


def report(browser, line_id=1):
    return browser.send(f"/report/line/{line_id}", {"reason": "hate", "note": "Not nice."})


def decide(browser, deed, concern_id=1, **fields):
    return browser.send(f"/moderation/concerns/{concern_id}", {"deed": deed, **fields}, page="/moderation/")


@pytest.fixture
def reported(as_anna, as_bob):
    """Bob said something between others that Anna reports."""
    for who, words in ((as_anna, "Before it"), (as_bob, "Something unkind"), (as_anna, "After it")):
        say(who, words)
    report(as_anna, lines()[1].id)
    return lines()[1].id


def test_a_report_shows_the_line_before_it_is_sent(as_anna, as_bob):
    say(as_bob, "Something unkind")
    page = as_anna.see(f"/report/line/{lines()[0].id}")
    assert "Something unkind" in page.css_first("blockquote").text()
    assert as_bob.see(f"/report/line/{lines()[0].id}").css_first("main form") is None


def test_the_desk_shows_what_was_said_around_it(reported, as_moderator):
    card = as_moderator.see("/moderation/").css_first("[data-concern]")
    assert [one.text().strip() for one in card.css(".concern__said .prose")] == [
        "Before it",
        "Something unkind",
        "After it",
    ]
    assert "Something unkind" in card.css_first("[aria-current]").text()
    assert "Bob" in card.css_first("dl").text()


def test_what_a_moderator_hides_is_gone_and_its_author_learns_why(
    reported, as_moderator, as_anna, as_bob, run_jobs, bob
):
    decide(as_moderator, "hide", reason="hate", words="Be kind.")
    assert said(as_anna.see(TABLE)) == ["Before it", "After it"]
    assert said(as_bob.see(TABLE)) == ["Before it", "After it"]
    clock.move_by(timedelta(seconds=20))
    run_jobs()
    decision = db.session.query(Decision).one()
    page = as_bob.see(f"/account/decisions/{decision.id}")
    assert "Something unkind" in page.css_first("main").text()
    assert "Be kind." in page.css_first("main").text()


def test_an_undone_decision_brings_the_line_back(reported, as_moderator, as_anna):
    decide(as_moderator, "hide", reason="hate")
    as_moderator.send("/moderation/decisions/1/undo", page="/moderation/")
    assert len(said(as_anna.see(TABLE))) == 3


def test_the_log_brings_a_hidden_line_back(reported, as_moderator, as_anna):
    decide(as_moderator, "hide", reason="hate")
    as_moderator.send("/moderation/decisions/1/restore", page="/moderation/log")
    assert len(said(as_anna.see(TABLE))) == 3


def test_a_second_moderator_takes_the_decision_back(reported, as_moderator, as_admin, as_bob, as_anna):
    decide(as_moderator, "hide", reason="hate")
    as_bob.send("/account/decisions/1", {"words": "It was a joke between friends."})
    page = as_admin.see("/moderation/appeals/1")
    assert "Something unkind" in page.css_first("main").text()
    assert as_admin.see("/moderation/").css_first("[data-concern]") is not None
    as_admin.send("/moderation/appeals/1", {"outcome": "back", "words": "It was a joke indeed."})
    assert len(said(as_anna.see(TABLE))) == 3


def test_a_held_line_that_is_kept_is_told_once(as_bob, bob, as_moderator, as_anna):
    say(as_bob, "See https://example.com")
    assert said(as_anna.see(TABLE)) == []
    decide(as_moderator, "keep")
    assert said(as_anna.see(TABLE)) == ["See https://example.com"]
    assert [one.verb for one in readers.touchpoints_of(bob.id)].count(Verb.CHAT_WRITTEN) == 1


def test_a_held_line_that_is_taken_away_waits_for_nobody(as_bob):
    say(as_bob, "See https://example.com")
    path = f"{TABLE}/lines/{lines()[0].id}"
    as_bob.send(f"{path}/delete", page=f"{path}/edit")
    assert db.session.query(Concern).count() == 0


def test_what_was_decided_is_not_reported_again_until_it_is_changed(reported, as_moderator, as_anna, as_bob):
    decide(as_moderator, "keep")
    assert report(as_anna, reported).status_code == 422
    as_bob.send(f"{TABLE}/lines/{reported}/edit", {"body": "Something worse"})
    assert report(as_anna, reported).status_code == 303


def test_a_queue_of_lines_costs_the_same_with_more_of_them(as_anna, as_bob, as_moderator, statements):
    counts = []
    for _round in range(2):
        for _time in range(4):
            say(as_bob, "Unkind")
            report(as_anna, lines()[-1].id)
        as_moderator.see("/moderation/")
        counts.append(len(statements(lambda: as_moderator.see("/moderation/"))))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("with_words", [True, False])
def test_who_leaves_takes_the_name_along_and_the_words_by_choice(as_anna, as_bob, bob, anna, with_words):
    say(as_bob, "My words")
    say(as_anna, f"Thank you @{bob.username}")
    heard = db.session.query(RoomEvent).count()
    with unit_of_work():
        leaving.erase(db.session.get_one(Member, bob.id), with_posts=with_words)
    page = as_anna.see(TABLE)
    assert said(page)[:-1] == ([] if with_words else ["My words"])
    assert "Bob" not in page.css_first("main").text()
    assert "bob" not in lines()[1].body + lines()[1].body_html
    assert db.session.query(RoomEvent).count() == heard + 2
    assert not any("My words" in line.body + line.body_html for line in lines() if with_words)


def test_the_export_holds_what_one_said(as_bob, bob):
    say(as_bob, "My words")
    told = everything_about(db.session.get_one(Member, bob.id))
    assert told["lines"][0]["body"] == "My words"
    assert "body_html" not in told["lines"][0]


def test_what_was_said_goes_after_90_days_and_evidence_after_a_year(reported, as_anna, as_bob):
    clock.move_by(timedelta(days=91))
    say(as_anna, "Today")
    actions.forget_old_lines()
    assert [line.body for line in lines()] == ["Something unkind", "Today"]
    clock.move_by(timedelta(days=275))
    actions.forget_old_lines()
    assert lines() == []
    assert db.session.query(RoomEvent).count() == 0


def test_reports_of_several_hide_a_line_by_themselves(as_bob, browser_of):
    say(as_bob, "Unkind")
    for name in ("Staff One", "Staff Two"):
        report(browser_of(makers.member(name, role="moderator", role_site="nl")), lines()[0].id)
    assert lines()[0].state == State.HELD


def test_who_is_muted_from_the_desk_says_no_more(reported, as_moderator, as_bob):
    decide(as_moderator, "mute", reason="hate", days="7")
    assert say(as_bob, "Again").status_code == 422
    assert db.session.get_one(Line, reported).state == State.HIDDEN
    assert db.session.query(Room).count() == 1


def test_what_goes_with_a_suspension_comes_back_with_its_end(reported, bob):
    with unit_of_work():
        person = db.session.get_one(Member, bob.id)
        facts = people.suspend(person, None) | people.hide_earlier(person, [SITES["nl"]])
    assert [line.state for line in lines()] == [State.LIVE, State.HIDDEN, State.LIVE]
    with unit_of_work():
        people.put_back(db.session.get_one(Member, bob.id), facts)
    assert [line.state for line in lines()] == [State.LIVE] * 3
