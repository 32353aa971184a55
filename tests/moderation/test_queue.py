"""`/moderation/`: what waits, as a moderator sees it, and what they decide."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from community.core import clock
from community.core.audit import AuditEntry
from community.core.db import db
from community.items.models import State
from community.items.queries import post_by_id
from community.members.queries import member_by_id
from community.messages.models import Mail, Notice
from community.moderation.models import Concern, Decision
from community.moderation.queries.concerns import open_concern
from tests import makers

LINK = "Look at https://shop.example/"


@pytest.fixture
def article(app):
    return makers.article("Slapen")


@pytest.fixture
def held(article, bob):
    return makers.comment(article, bob, LINK)


def concern_of(thing):
    return db.session.query(Concern).filter_by(about=thing.key).one()


def decide(browser, thing, deed, **fields):
    token = browser.token()
    path = f"/moderation/concerns/{concern_of(thing).id}"
    return browser.post(path, data={"csrf_token": token, "deed": deed, **fields}, follow_redirects=True)


def report(browser, thing, reason="hate", **fields):
    kind, _colon, number = thing.key.partition(":")
    return browser.send(f"/report/{kind}/{number}", {"reason": reason, **fields})


def test_only_moderators_see_what_waits(visitor, as_bob, as_editor, as_moderator, held):
    assert visitor.get("/moderation/").location.startswith("/sign-in?next=/moderation/")
    assert (as_bob.get("/moderation/").status_code, as_editor.get("/moderation/").status_code) == (403, 403)
    assert as_moderator.get("/moderation/").status_code == 200


def test_a_waiting_post_is_shown_with_its_place_and_its_reason(as_moderator, article, anna, bob):
    makers.comment(article, bob, LINK, parent=makers.comment(article, anna, "Who has a tip?"))
    words = as_moderator.see("/moderation/").css_first("main").text()
    assert all(part in words for part in ("Slapen", "Bob", "shop.example", "Anna", "Who has a tip?", "holds a link"))


def test_from_a_waiting_comment_its_place_is_one_step(as_moderator, as_bob, visitor, article, held):
    address = f"/nl/posts/{held.id}"
    assert address in as_moderator.get("/moderation/").text
    assert as_moderator.get(address).location == f"{article.path}#comments"
    assert as_bob.get(address).location.startswith(article.path)
    assert visitor.get(address).status_code == 404


def test_what_stood_before_it_is_shown(as_moderator, article, anna, held):
    makers.comment(article, anna, "An earlier word.")
    later = makers.comment(article, makers.member("Cleo"), LINK)
    card = as_moderator.see("/moderation/").css_first(f"#concern-{concern_of(later).id}")
    assert "An earlier word." in card.text()


def test_a_kept_post_is_read_by_everybody(as_moderator, visitor, article, held):
    assert visitor.get(article.path).text.count("shop.example") == 0
    answer = decide(as_moderator, held, "keep")
    assert "Everybody can read it" in answer.text
    assert "Nothing waits" in answer.text
    assert post_by_id(held.id).state == State.LIVE
    assert "shop.example" in visitor.get(article.path).text


def test_a_hidden_post_is_read_by_nobody(as_moderator, visitor, article, held):
    decide(as_moderator, held, "hide", reason="spam")
    assert post_by_id(held.id).state == State.HIDDEN
    assert "shop.example" not in visitor.get(article.path).text


def test_hiding_needs_a_reason(as_moderator, held):
    answer = decide(as_moderator, held, "hide")
    assert answer.status_code == 422
    assert "Choose the rule that its author reads" in answer.text
    assert post_by_id(held.id).state == State.HELD


@pytest.mark.parametrize("fields", [{"deed": "erase"}, {"deed": ""}, {"deed": "hide", "reason": "mood"}])
def test_a_deed_or_a_reason_that_we_do_not_know_is_refused(as_moderator, held, fields):
    assert decide(as_moderator, held, fields.pop("deed"), **fields).status_code == 422
    assert post_by_id(held.id).state == State.HELD


def test_decisions_are_on_record(as_moderator, moderator, held):
    decide(as_moderator, held, "keep")
    entry = db.session.query(AuditEntry).filter_by(about=held.key).one()
    assert (entry.deed, entry.actor_id) == ("decision.keep", moderator.id)
    assert db.session.query(Decision).one().moderator_id == moderator.id


def test_the_author_reads_why_in_their_language(as_moderator, held, bob, run_jobs):
    decide(as_moderator, held, "hide", reason="spam", words="Probeer het eens zonder link.")
    run_jobs()
    assert db.session.query(Notice).filter_by(member_id=bob.id).count() == 0, "the time to undo is not over"
    clock.move_by(timedelta(seconds=16))
    run_jobs()
    decision = db.session.query(Decision).one()
    notice = db.session.query(Notice).filter_by(member_id=bob.id).one()
    mail = db.session.query(Mail).filter_by(member_id=bob.id, name="decision").one()
    assert notice.path == f"/account/decisions/{decision.id}"
    assert "Probeer het eens zonder link." in mail.text
    assert notice.path in mail.text
    assert decision.words.endswith("Probeer het eens zonder link.")


def test_what_is_undone_is_as_it_was_and_nobody_hears_of_it(as_moderator, held, bob, run_jobs):
    decide(as_moderator, held, "mute", reason="hate", days=7)
    assert member_by_id(bob.id).muted_until
    undo(as_moderator, db.session.query(Decision).one())
    clock.move_by(timedelta(seconds=16))
    run_jobs()
    assert (post_by_id(held.id).state, member_by_id(bob.id).muted_until) == (State.HELD, None)
    assert open_concern(held.key) is not None
    assert db.session.query(Notice).filter_by(member_id=bob.id).count() == 0


def undo(browser, decision):
    path = f"/moderation/decisions/{decision.id}/undo"
    return browser.post(path, data={"csrf_token": browser.token()}, follow_redirects=True)


def test_after_a_minute_it_is_too_late_to_undo(as_moderator, held):
    decide(as_moderator, held, "hide", reason="spam")
    clock.move_by(timedelta(seconds=61))
    assert "too late" in undo(as_moderator, db.session.query(Decision).one()).text
    assert post_by_id(held.id).state == State.HIDDEN


def test_nobody_undoes_what_another_decided(as_moderator, as_admin, held):
    decide(as_moderator, held, "hide", reason="spam")
    assert undo(as_admin, db.session.query(Decision).one()).status_code == 404


def test_a_hidden_post_comes_back_from_the_log_and_is_told_once(as_moderator, visitor, article, anna):
    post = makers.comment(article, anna, "Sleep well.")
    report(visitor, post)
    decide(as_moderator, post, "hide", reason="hate")
    decision = db.session.query(Decision).one()
    as_moderator.send(f"/moderation/decisions/{decision.id}/restore", page="/moderation/log")
    assert post_by_id(post.id).state == State.LIVE
    told = db.session.execute(db.text("select count(*) from touchpoints where verb = 'comment.written'")).scalar()
    assert told == 1


def test_a_post_that_should_change_waits_until_its_author_changed_it(as_moderator, as_anna, visitor, article, anna):
    post = makers.comment(article, anna, "Take twice the dose.")
    report(visitor, post, "medical")
    decide(as_moderator, post, "edit", reason="medical")
    assert "twice the dose" not in visitor.get(article.path).text
    assert "Nothing waits" in as_moderator.get("/moderation/").text
    as_anna.send(f"/nl/posts/{post.id}/edit", {"body": "Ask your doctor about the dose."})
    assert "Its author changed it" in as_moderator.get("/moderation/").text
    again = open_concern(post.key)
    as_moderator.post(f"/moderation/concerns/{again.id}", data={"csrf_token": as_moderator.token(), "deed": "keep"})
    assert "Ask your doctor" in visitor.get(article.path).text


def test_the_second_of_two_moderators_is_told(as_moderator, as_admin, held):
    decide(as_moderator, held, "hide", reason="spam")
    answer = decide(as_admin, held, "keep")
    assert "before you" in answer.text
    assert post_by_id(held.id).state == State.HIDDEN
    assert db.session.query(Decision).count() == 1


def test_who_looks_at_it_has_it_for_15_minutes(as_moderator, as_admin, moderator, held):
    as_moderator.send(f"/moderation/concerns/{concern_of(held).id}/take", page="/moderation/")
    shown = as_admin.see("/moderation/").css_first(".concern")
    assert "Mo looks at this" in shown.text()
    assert shown.css("form") == []
    assert "Another moderator looks at this" in decide(as_admin, held, "keep").text
    assert post_by_id(held.id).state == State.HELD
    clock.move_by(timedelta(minutes=16))
    decide(as_admin, held, "keep")
    assert post_by_id(held.id).state == State.LIVE


def test_concerns_of_another_site_do_not_exist_for_a_moderator(as_moderator, held):
    foreign = makers.comment(makers.article("Sleep", site="en"), makers.member("Dale", site="en"), LINK + " now")
    assert "Sleep" not in as_moderator.see("/moderation/").css_first("main").text()
    assert decide(as_moderator, foreign, "keep").status_code == 404
    assert as_moderator.get(f"/moderation/concerns/{concern_of(foreign).id}").status_code == 404
    assert post_by_id(foreign.id).state == State.HELD


@pytest.mark.parametrize("deed", ["keep", "hide"])
def test_others_decide_nothing(deed, as_bob, as_editor, visitor, held):
    for reader in (as_bob, as_editor):
        assert decide(reader, held, deed, reason="spam").status_code == 403
    assert post_by_id(held.id).state == State.HELD


def test_nobody_decides_about_themselves_or_about_an_administrator(as_moderator, as_anna, article, moderator, admin):
    for writer in (moderator, admin):
        post = makers.comment(article, writer, "A word.")
        report(as_anna, post)
        assert decide(as_moderator, post, "hide", reason="hate").status_code == 403
        assert post_by_id(post.id).state == State.LIVE


def test_what_editors_wrote_is_kept_or_told_to_them(as_moderator, as_bob, article, editor):
    report(as_bob, article, "medical")
    assert "This cannot be done here" in decide(as_moderator, article, "hide", reason="medical").text
    decide(as_moderator, article, "tell", reason="medical")
    assert db.session.query(Notice).filter_by(member_id=editor.id).count() == 1
    assert as_bob.get(article.path).status_code == 200


def test_a_member_is_warned_or_suspended_and_never_hidden(as_moderator, as_bob, anna):
    report(as_bob, anna)
    assert "This cannot be done here" in decide(as_moderator, anna, "hide", reason="hate").text
    decide(as_moderator, anna, "suspend", reason="hate", days=7)
    assert member_by_id(anna.id).suspended_until


def test_an_anonymous_parent_stays_without_a_name_on_the_desk(as_moderator, as_bob, anna):
    board = makers.board()
    topic = makers.topic(board, anna, is_anonymous=True)
    post = makers.reply(topic, anna, "I am tired.", is_anonymous=True)
    report(as_bob, post)
    decide(as_moderator, post, "warn", reason="off-topic")
    named = makers.comment(makers.article(), anna, "In my own name.")
    report(as_bob, named)
    for path in ("/moderation/", "/moderation/log", f"/moderation/concerns/{concern_of(post).id}"):
        shown = as_moderator.see(path)
        cards = [card.text() for card in shown.css(".concern, tr") if "own name" not in card.text()]
        assert all("Anna" not in words for words in cards), path
    card = as_moderator.see("/moderation/").css_first(".concern").text()
    assert "No decisions so far" in card, "what was decided about a pseudonym is not told of the name"


def test_who_an_anonymous_parent_is_is_shown_once_for_a_logged_reason(as_moderator, as_bob, moderator, anna, visitor):
    post = makers.reply(makers.topic(makers.board(), anna), anna, "I am tired.", is_anonymous=True)
    path = f"/moderation/posts/{post.id}/reveal"
    assert as_bob.get(path).status_code == 403
    assert "/sign-in" in visitor.get(path).location
    assert as_moderator.send(path, {"why": " "}).status_code == 422
    assert "Anna" not in as_moderator.get(path).text
    assert db.session.query(AuditEntry).filter_by(deed="writer.revealed").count() == 0
    answer = as_moderator.send(path, {"why": "She writes of harming herself."})
    assert "Anna" in answer.text
    assert "no-store" in answer.headers["Cache-Control"]
    assert "Anna" not in as_moderator.get(path).text
    entry = db.session.query(AuditEntry).filter_by(deed="writer.revealed").one()
    assert (entry.about, entry.actor_id) == (post.key, moderator.id)


def test_only_what_is_anonymous_on_the_own_site_is_revealed(as_moderator, anna):
    named = makers.reply(makers.topic(makers.board(), anna), anna)
    foreign = makers.reply(makers.topic(makers.board(site="en"), anna), anna, is_anonymous=True)
    for post in (named, foreign):
        assert as_moderator.get(f"/moderation/posts/{post.id}/reveal").status_code == 404


def test_the_gravest_comes_first_then_the_oldest(as_moderator, as_bob, article, anna):
    mild, grave, older = (makers.comment(article, anna, f"Comment {n}") for n in range(3))
    for post, reason in ((older, "spam"), (mild, "spam"), (grave, "danger")):
        report(as_bob, post, reason)
        clock.move_by(timedelta(minutes=1))
    shown = [card.attributes["id"] for card in as_moderator.see("/moderation/").css(".concern")]
    assert shown == [f"concern-{concern_of(post).id}" for post in (grave, older, mild)]


def test_the_queue_is_chosen_by_kind_and_by_site(as_admin, as_bob, article, anna, held):
    report(as_bob, makers.comment(makers.article("Sleep", site="en"), anna, "Well."))
    assert len(as_admin.see("/moderation/").css(".concern")) == 2
    assert len(as_admin.see("/moderation/?kind=held").css(".concern")) == 1
    assert "Sleep" in as_admin.see("/moderation/?of=en").css_first(".concern").text()
    assert "Nothing waits" in as_admin.get("/moderation/?of=en&kind=held").text


def test_what_its_author_took_away_waits_for_nobody(as_moderator, as_bob, held):
    as_bob.post(f"/nl/posts/{held.id}/delete", data={"csrf_token": as_bob.token()})
    assert "Nothing waits" in as_moderator.get("/moderation/").text


def test_the_log_tells_ones_own_and_everybodys(as_moderator, as_admin, as_bob, held, article, anna):
    decide(as_moderator, held, "keep")
    decide(as_admin, makers.comment(article, makers.member(), LINK), "hide", reason="spam")
    assert len(as_moderator.see("/moderation/log").css("tbody tr")) == 2
    assert len(as_moderator.see("/moderation/log?who=me").css("tbody tr")) == 1
    assert as_bob.get("/moderation/log").status_code == 403


def test_an_empty_queue_says_so(as_moderator):
    assert "Nothing waits" in as_moderator.see("/moderation/").css_first("main").text()


def test_the_queue_costs_the_same_with_5_and_with_20_cards(as_moderator, as_bob, statements, article, anna):
    def add(count):
        for _ in range(count):
            makers.comment(article, makers.member(), LINK)
            report(as_bob, makers.comment(article, anna, "A word."))

    add(2)
    few = len(statements(lambda: as_moderator.see("/moderation/")))
    add(8)
    assert len(as_moderator.see("/moderation/").css(".concern")) == 20
    assert len(statements(lambda: as_moderator.see("/moderation/"))) == few <= 12


def test_the_log_costs_the_same_with_2_and_with_12_decisions(as_moderator, statements, article):
    def add(count):
        for _ in range(count):
            decide(as_moderator, makers.comment(article, makers.member(), LINK), "keep")

    add(2)
    few = len(statements(lambda: as_moderator.see("/moderation/log")))
    add(10)
    assert len(statements(lambda: as_moderator.see("/moderation/log"))) == few <= 8


@pytest.mark.parametrize("path", ["/moderation/?page=0", "/moderation/?page=x", "/moderation/log?page=9"])
def test_pages_that_are_not_there_are_404(as_moderator, path):
    assert as_moderator.get(path).status_code == 404


def test_of_two_moderators_at_the_same_moment_one_decides(as_moderator, as_admin, held):
    concern_id = concern_of(held).id
    tokens = [(browser, browser.token()) for browser in (as_moderator, as_admin)]

    def decided(turn):
        browser, token = tokens[turn]
        fields = {"csrf_token": token, "deed": ("keep", "hide")[turn], "reason": "spam"}
        with browser.application.app_context():
            return browser.post(f"/moderation/concerns/{concern_id}", data=fields).status_code

    with ThreadPoolExecutor(2) as both:
        assert list(both.map(decided, range(2))) == [303, 303]
    decision = db.session.query(Decision).one()
    assert post_by_id(held.id).state == (State.LIVE if decision.deed == "keep" else State.HIDDEN)


@pytest.mark.parametrize(
    ("path", "desk", "said"),
    [
        ("/moderation/", "/moderation/", "page"),
        ("/moderation/log", "/moderation/", "true"),
        ("/studio/slots/home", "/studio/slots/", "true"),
        ("/studio/calendar", "/studio/", "true"),
    ],
)
def test_every_page_of_staff_says_to_which_desk_it_belongs(as_admin, path, desk, said):
    current = as_admin.see(path).css(".staff-nav [aria-current]")
    assert [(link.attributes["href"], link.attributes["aria-current"]) for link in current] == [(desk, said)]
