"""The author's side: what was decided and why, one appeal, and another moderator's answer."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from community.core import clock
from community.core.audit import AuditEntry
from community.core.db import db, unit_of_work
from community.items.models import Post, State
from community.messages.models import Mail, Notice
from community.moderation.actions import decisions
from community.moderation.actions.decisions import Choice
from community.moderation.models import Appeal, Concern, Decision, Deed
from tests import makers


@pytest.fixture
def comment(app, anna):
    return makers.comment(makers.article("Slapen"), anna, "You are all fools.")


@pytest.fixture
def hidden(comment, moderator):
    return decide(comment, moderator, Deed.HIDE)


@pytest.fixture
def second(app):
    """A second moderator of the Dutch site."""
    return makers.member("Max", site="en", role="moderator", role_site="nl")


@pytest.fixture
def as_second(second, browser_of):
    return browser_of(second)


def decide(thing, by, deed, reason="hate", added="Call nobody a fool.", days=None):
    with unit_of_work():
        thing = db.session.get_one(type(thing), thing.id)
        if isinstance(thing, Post):
            thing = decisions.thing_of(Concern(about=thing.key))
        moderator = db.session.get_one(type(by), by.id)
        return decisions.decide_about(thing, moderator, Choice(deed, reason, added, days))


def appeal(browser, decision, words="It was a quote from a play."):
    return browser.send(f"/account/decisions/{decision.id}", {"words": words})


def answer(browser, made, outcome="back", words="It was a play indeed."):
    return browser.send(f"/moderation/appeals/{made.id}", {"outcome": outcome, "words": words})


def the_appeal():
    return db.session.scalar(select(Appeal))


def again(row):
    return db.session.get(type(row), row.id)


def test_an_author_reads_what_was_decided_and_why_in_their_own_language(as_anna, hidden):
    assert f"/account/decisions/{hidden.id}" in as_anna.see("/account/decisions/").html
    shown = as_anna.see(f"/account/decisions/{hidden.id}")
    words = shown.css_first("main").text()
    assert "Call nobody a fool." in words
    assert "You are all fools." in words
    assert shown.css_first('a[href="/nl/rules#rule-5"]')
    assert shown.css_first("html").attributes["lang"] == "nl"


def test_the_house_rule_has_an_address(visitor):
    for site in ("nl", "en"):
        rules = visitor.see(f"/{site}/rules")
        assert all(rules.css_first(f"#rule-{number}") for number in (2, 3, 5, 6, 10, 11))


def test_nobody_reads_what_was_decided_about_another(visitor, as_bob, as_moderator, hidden):
    path = f"/account/decisions/{hidden.id}"
    assert visitor.get(path).location.startswith("/sign-in?next=")
    for browser in (as_bob, as_moderator):
        assert browser.get(path).status_code == 404
        sent = {"words": "x", "csrf_token": browser.token()}
        assert browser.post(path, data=sent).status_code == 404
    assert the_appeal() is None


def test_a_hidden_post_comes_back_by_the_answer_of_a_second_moderator(
    as_anna, as_moderator, as_second, second, visitor, comment, hidden
):
    path = "/nl/articles/slapen"
    assert "fools" not in visitor.get(path).text
    assert appeal(as_anna, hidden).status_code == 303
    made = the_appeal()
    assert f"/moderation/appeals/{made.id}" in as_moderator.see("/moderation/").html

    locked = as_moderator.see(f"/moderation/appeals/{made.id}")
    assert locked.css_first("[name=outcome]") is None
    assert "You took this decision yourself" in locked.text()
    forced = {"outcome": "stands", "words": "I was right.", "csrf_token": as_moderator.token()}
    assert as_moderator.post(f"/moderation/appeals/{made.id}", data=forced).status_code == 403

    assert answer(as_second, made).status_code == 303
    assert again(comment).state == State.LIVE
    assert "fools" in visitor.get(path).text
    assert (the_appeal().is_upheld, the_appeal().decided_by_id) == (False, second.id)
    assert again(hidden).undone_at is not None
    assert "It was a play indeed." in as_anna.see(f"/account/decisions/{hidden.id}").text()
    mail = db.session.scalar(select(Mail).where(Mail.name == "appeal"))
    assert "It was a play indeed." in mail.text
    assert db.session.scalar(select(Notice).where(Notice.key == f"appeal:{made.id}"))
    assert "overturned" in as_moderator.see("/moderation/log?who=me").text()
    deeds = set(db.session.scalars(select(AuditEntry.deed)))
    assert {"decision.appealed", "appeal.answered"} <= deeds


def test_a_decision_may_stand(as_anna, as_second, comment, hidden):
    appeal(as_anna, hidden)
    answer(as_second, the_appeal(), "stands", "It hurts, also in a play.")
    assert again(comment).state == State.HIDDEN
    assert again(hidden).undone_at is None
    assert "It hurts, also in a play." in as_anna.see(f"/account/decisions/{hidden.id}").text()
    assert "Nothing waits" in as_second.see("/moderation/").text()


def test_an_appeal_is_made_once(as_anna, hidden):
    page = as_anna.see(f"/account/decisions/{hidden.id}")
    fields = {i.attributes["name"]: i.attributes.get("value") for i in page.css("main input[type=hidden]")}
    appeal(as_anna, hidden)
    assert as_anna.see(f"/account/decisions/{hidden.id}").css_first("[name=words]") is None
    sent = fields | {"words": "And again."}
    assert as_anna.post(f"/account/decisions/{hidden.id}", data=sent).status_code != 303
    assert db.session.query(Appeal).count() == 1


@pytest.mark.parametrize("words", ["", "   ", "x" * 2001])
def test_an_appeal_says_something_and_not_too_much(as_anna, hidden, words):
    assert appeal(as_anna, hidden, words).status_code == 422
    assert the_appeal() is None


def test_an_appeal_has_thirty_days(as_anna, hidden):
    with unit_of_work():
        again(hidden).at = clock.now() - timedelta(days=31)
    shown = as_anna.see(f"/account/decisions/{hidden.id}")
    assert shown.css_first("[name=words]") is None


def test_who_is_alone_leaves_the_answer_to_an_administrator(as_anna, as_admin, hidden, comment):
    appeal(as_anna, hidden)
    answer(as_admin, the_appeal())
    assert again(comment).state == State.LIVE


def test_others_see_no_appeal(visitor, as_bob, as_editor, as_anna, hidden, browser_of):
    appeal(as_anna, hidden)
    path = f"/moderation/appeals/{the_appeal().id}"
    foreign = browser_of(makers.member("Fay", site="en", role="moderator", role_site="en"))
    assert visitor.get(path).location.startswith("/sign-in?next=")
    assert [browser.get(path).status_code for browser in (as_bob, as_editor, foreign)] == [403, 403, 404]


def test_the_second_of_two_answers_is_told(as_anna, as_second, as_admin, hidden):
    appeal(as_anna, hidden)
    made = the_appeal()
    page = as_admin.see(f"/moderation/appeals/{made.id}")
    fields = {i.attributes["name"]: i.attributes.get("value") for i in page.css("main input[type=hidden]")}
    answer(as_second, made, "stands")
    late = as_admin.post(f"/moderation/appeals/{made.id}", data=fields | {"outcome": "back", "words": "No."})
    assert late.status_code != 303
    assert the_appeal().is_upheld


def test_a_mute_ends_when_it_is_taken_back(as_anna, as_second, anna, comment, moderator):
    muted = decide(comment, moderator, Deed.MUTE, days=7)
    assert again(anna).muted_until
    appeal(as_anna, muted)
    answer(as_second, the_appeal())
    assert again(anna).muted_until is None
    assert again(comment).state == State.LIVE


def test_who_is_asked_to_change_a_text_finds_the_way_there(as_anna, comment, moderator):
    asked = decide(comment, moderator, Deed.EDIT)
    link = f"/nl/posts/{comment.id}/edit"
    assert as_anna.see(f"/account/decisions/{asked.id}").css_first(f'a[href="{link}"]')
    assert as_anna.get(link).status_code == 200


def test_an_anonymous_parent_appeals_and_stays_unknown(as_anna, anna, as_second, moderator):
    topic = makers.topic(makers.board(), makers.member(), "Night")
    post = makers.reply(topic, anna, "You are all fools.", is_anonymous=True)
    decision = decide(post, moderator, Deed.HIDE)
    assert "fools" in as_anna.see(f"/account/decisions/{decision.id}").text()
    appeal(as_anna, decision)
    made = the_appeal()
    for path in ("/moderation/", f"/moderation/appeals/{made.id}", "/moderation/log"):
        shown = as_second.see(path).html
        assert "Anna" not in shown, path
        assert f"/moderation/members/{anna.id}" not in shown, path
    assert "fools" not in as_second.see(f"/moderation/members/{anna.id}").text()
    answer(as_second, made)
    assert again(post).state == State.LIVE


def test_what_a_moderator_undid_at_once_was_never_said(as_anna, moderator, hidden):
    with unit_of_work():
        decisions.undo(again(hidden), again(moderator))
    assert as_anna.get(f"/account/decisions/{hidden.id}").status_code == 404


def test_decisions_cost_the_same_for_5_and_for_50(as_anna, anna, moderator, statements):
    article = makers.article("Veel")

    def add(count):
        for number in range(count):
            decide(makers.comment(article, anna, f"No. {number}"), moderator, Deed.WARN)

    add(5)
    few = len(statements(lambda: as_anna.see("/account/decisions/")))
    add(45)
    assert len(statements(lambda: as_anna.see("/account/decisions/"))) == few <= 8
    assert db.session.query(Decision).count() == 50
