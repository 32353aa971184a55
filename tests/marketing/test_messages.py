"""Who enters a watched audience is sent one message: once, where they may and want, in their language."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from community.core import clock, jobs
from community.core.db import db, unit_of_work
from community.items.models import Follow
from community.marketing.starts import STARTS
from community.members import actions as members
from community.members.models import Member
from community.members.queries import uses_in
from community.messages.actions import mails
from community.messages.actions.suppression import stop_mail
from community.messages.models import BounceKind, Choices, Mail, MailClass, MailState, Notice
from community.operations.actions import leaving
from community.profiles.models import Standing
from community.segments import actions, crossings, sending
from community.segments.actions import Wording
from community.segments.conditions import Clause, Group
from community.segments.models import Crossing, Segment, Sending, SendingState
from community.sites.models import SITES
from community.touchpoints.actions import project
from community.touchpoints.models import Touchpoint, Verb
from community.web.letters import address_to_end
from tests import makers
from tests.marketing.conftest import EVERYTHING
from tests.marketing.test_segments import filled
from tests.shop import makers as shop

SPENDERS = Group((Clause("spent", "at_least", {"number": 100}),))
HELP = Wording("Een woord, {name}", "Hallo {name},\n\nslaap lekker.", "/nl/", False, True, False, False)


@pytest.fixture
def segment(marketer: Member) -> Segment:
    """A watched audience."""
    with unit_of_work():
        kept = actions.keep_segment(SITES["nl"], marketer, "Spenders", SPENDERS)
        crossings.begin(kept, "", marketer)
    return kept


def write(segment: Segment, actor: Member, **more: Any) -> None:
    with unit_of_work():
        actions.write_message(db.session.get_one(Segment, segment.id), Wording(**{**vars(HELP), **more}), actor)


def spend(member: Member, euros: int = 200, **more: Any) -> None:
    with unit_of_work():
        db.session.merge(Standing(member_id=member.id, spent_cents=100 * euros, **more))


def look() -> None:
    """One round of the worker."""
    crossings.look()
    jobs.run_due()


def letters() -> list[Mail]:
    db.session.expire_all()
    return list(db.session.scalars(select(Mail).where(Mail.name == sending.LETTER).order_by(Mail.id)))


def outcomes() -> list[tuple[str, str]]:
    db.session.expire_all()
    rows = db.session.execute(select(Sending.state, Sending.why).order_by(Sending.crossing_id))
    return [(state, why) for state, why in rows]


def save_start(browser: Any, key: str) -> str:
    """Take a ready-made start as it is; where the audience stands."""
    page = browser.see(f"/marketing/segments/new?of=nl&start={key}")
    answer = browser.post("/marketing/segments/new?of=nl", data={**filled(page), "do": "save"})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


def test_three_sleep_articles_and_nothing_bought_and_not_muted_is_one_letter_though_she_reads_ten_more(
    as_marketer: Any, cora: Member
) -> None:
    articles = [makers.article(theme="Slapen") for _ in range(13)]
    shop.product(category="Slaapzak")
    path = save_start(as_marketer, "reading")
    assert as_marketer.send(f"{path}/watch", {"address": ""}).status_code == 303
    fields = {"subject": "Slapen", "text": "Hoi {name}", "path": "/nl/", "kind": "offer", "by_mail": "y"}
    assert as_marketer.send(f"{path}/message", fields).status_code == 303
    for number, article in enumerate(articles):
        makers.read(article, cora, allows="pao")
        look()
        assert len(letters()) == (1 if number >= 2 else 0), number
    clock.move_by(timedelta(minutes=10))
    look()
    [letter] = letters()
    assert (letter.mail_class, letter.subject) == (MailClass.PROMOTIONAL, "Slapen")
    shown = as_marketer.see(f"{path}/watch").text()
    assert "Cora" in shown
    assert "sent" in shown


def test_each_start_is_ready_to_be_saved_and_reads_as_a_sentence(as_marketer: Any, cora: Member) -> None:
    makers.article(theme="Slapen")
    shop.product(category="Slaapzak")
    for key in STARTS:
        assert "Members of Nederlands who" in as_marketer.see(save_start(as_marketer, key)).text(), key


def test_a_question_that_nobody_answers_brings_help_by_time_alone(
    as_marketer: Any, marketer: Member, cora: Member
) -> None:
    path = save_start(as_marketer, "unanswered")
    as_marketer.send(f"{path}/watch", {"address": ""})
    write(db.session.get_one(Segment, int(path.rsplit("/", 1)[1])), marketer)
    makers.topic(makers.board(), cora)
    look()
    assert letters() == []
    clock.move_by(timedelta(hours=25))
    look()
    look()
    assert [letter.member_id for letter in letters()] == [cora.id]


def test_a_dutch_member_gets_dutch_with_their_name_the_reason_and_a_way_out(
    segment: Segment, marketer: Member, cora: Member
) -> None:
    write(segment, marketer)
    spend(cora)
    look()
    [letter] = letters()
    assert (letter.subject, letter.mail_class) == ("Een woord, Cora", MailClass.EDITORIAL)
    assert "Hallo Cora," in letter.text
    assert "Leden van de site Nederlands die" in letter.text
    assert "Hallo Cora," in letter.html
    assert address_to_end(cora, "message") in letter.text
    assert uses_in(cora, f"{clock.now():%Y-%m}") == {"mails": 1}
    assert Verb.MESSAGE_SENT in db.session.scalars(select(Touchpoint.verb)).all()


def test_each_entry_is_one_message_and_once_for_a_member_is_one_for_ever(
    segment: Segment, marketer: Member, cora: Member
) -> None:
    for is_once, count in ((False, 2), (True, 2)):
        write(segment, marketer, is_once=is_once)
        for euros in (200, 10) * (2 if not is_once else 1):
            spend(cora, euros)
            look()
        assert len(letters()) == count
    assert outcomes()[-1] == (SendingState.REFUSED, "already")
    clock.move_by(timedelta(days=800))
    crossings.forget_crossings()
    assert SendingState.SENT in [state for state, _why in outcomes()]


def test_who_is_inside_when_it_is_written_is_not_sent_it(segment: Segment, marketer: Member, cora: Member) -> None:
    spend(cora)
    write(segment, marketer)
    look()
    assert (letters(), outcomes()) == ([], [])


def test_a_member_after_something_changed_is_never_sent_an_offer_nor_told_by_the_bell(
    segment: Segment, marketer: Member, cora: Member
) -> None:
    write(segment, marketer, is_offer=True, by_notice=True)
    with unit_of_work():
        db.session.get_one(Member, cora.id).guarded_since = clock.now()
    spend(cora)
    look()
    assert letters() == []
    assert db.session.scalars(select(Notice)).all() == []
    assert outcomes() == [(SendingState.REFUSED, "guarded")]


def test_an_open_complaint_holds_an_offer_and_help_goes_on(segment: Segment, marketer: Member, cora: Member) -> None:
    write(segment, marketer, is_offer=True)
    spend(cora, complaint_count=1)
    look()
    look()
    assert (letters(), outcomes()) == ([], [(SendingState.WAITING, "complaint")])
    spend(cora, complaint_count=0)
    look()
    look()
    assert (len(letters()), outcomes()) == (1, [(SendingState.SENT, "")])
    mia = makers.member("Mia", consents=EVERYTHING)
    write(segment, marketer, is_offer=False)
    spend(mia, complaint_count=1)
    look()
    assert len(letters()) == 2


def test_what_is_held_does_not_go_to_who_left_meanwhile(segment: Segment, marketer: Member, cora: Member) -> None:
    write(segment, marketer, is_offer=True)
    spend(cora, complaint_count=1)
    look()
    spend(cora, 10, complaint_count=0)
    look()
    assert (letters(), outcomes()) == ([], [(SendingState.LEFT, "")])


def test_who_did_not_agree_or_chose_otherwise_is_not_sent_it_and_the_page_says_why(
    segment: Segment, marketer: Member, as_marketer: Any, cora: Member
) -> None:
    write(segment, marketer)
    people = [makers.member(name, consents=("offers",)) for name in ("Nee", "Uit", "Terug")]
    with unit_of_work():
        for member in people[1:]:
            db.session.get_one(Member, member.id).mail = True
        db.session.add(Choices(member_id=people[1].id, bell=[], mail=[], weekly=True, only_club=False))
        stop_mail(people[2].email or "", BounceKind.HARD, "5.1.1", "nobody", clock.now(), "test")
    for member in people:
        spend(member)
    spend(makers.member("Zonder", consents=("mail",)))
    look()
    assert letters() == []
    assert [why for _state, why in outcomes()] == ["no-yes", "unwanted", "returned"]
    shown = as_marketer.see(f"/marketing/segments/{segment.id}/watch").text()
    for words in ("did not agree to such mail", "chose not to hear", "mail to the address comes back"):
        assert words in shown


def test_who_withholds_it_from_mails_is_sent_nothing_and_from_lists_alone_is(
    segment: Segment, marketer: Member, as_marketer: Any, cora: Member
) -> None:
    write(segment, marketer)
    mia = makers.member("Mia", consents=EVERYTHING)
    with unit_of_work():
        members.set_uses(db.session.get_one(Member, cora.id), frozenset({"mails:orders"}), "test")
        members.set_uses(db.session.get_one(Member, mia.id), frozenset({"lists:orders"}), "test")
    spend(cora)
    spend(mia)
    look()
    assert [letter.member_id for letter in letters()] == [mia.id]
    table = as_marketer.get(f"/marketing/segments/{segment.id}/crossings.csv").text
    assert "Mia" not in table


def test_a_muted_subject_keeps_it_away(marketer: Member, cora: Member, did: Any) -> None:
    article = makers.article(theme="Slapen")
    tree = Group((Clause("read", "about", {"value": str(article.theme_id), "number": 1, "days": 7}),))
    with unit_of_work():
        kept = actions.keep_segment(SITES["nl"], marketer, "Readers", tree)
        crossings.begin(kept, "", marketer)
    write(kept, marketer)
    with unit_of_work():
        db.session.add(Follow(member_id=cora.id, tag_id=article.theme_id, stance="mute", since=clock.now()))
    did(Verb.PAGE_READ, article.key)
    look()
    assert (letters(), outcomes()) == ([], [(SendingState.REFUSED, "muted")])


def test_the_bell_tells_the_subject_and_leads_to_the_page(
    segment: Segment, marketer: Member, cora: Member, browser_of: Any
) -> None:
    write(segment, marketer, by_mail=False, by_notice=True, path="/nl/articles/")
    spend(cora)
    look()
    link = browser_of(cora).see("/account/notices").css_first("a.notice__words")
    assert (link.text(), link.attributes["href"]) == ("Een woord, Cora", "/nl/articles/")
    assert db.session.scalars(select(Notice.mail_at)).all() == [None]


def test_killed_between_two_it_is_neither_lost_nor_doubled(
    segment: Segment, marketer: Member, cora: Member, monkeypatch: Any
) -> None:
    write(segment, marketer)
    people = [cora, *(makers.member(consents=EVERYTHING) for _ in range(3))]
    for member in people:
        spend(member)
    crossings.look()
    sent, left = sending.record, [2]

    def dies(*told: Any) -> None:
        sent(*told)
        left[0] -= 1
        if not left[0]:
            raise KeyboardInterrupt

    monkeypatch.setattr(sending, "record", dies)
    with pytest.raises(KeyboardInterrupt):
        jobs.run_due()
    assert len(letters()) == 1
    monkeypatch.setattr(sending, "record", sent)
    jobs.keep_leases()
    jobs.run_due()
    look()
    assert sorted(letter.member_id for letter in letters()) == sorted(member.id for member in people)


def test_a_letter_that_waits_in_the_outbox_does_not_go_to_who_left_the_audience(
    segment: Segment, marketer: Member, cora: Member
) -> None:
    write(segment, marketer)
    spend(cora)
    look()
    [letter] = letters()
    spend(cora, 10)
    mails.deliver(letter.id)
    assert [one.state for one in letters()] == [MailState.FAILED]


def test_an_offer_is_ended_by_its_own_link_and_begun_again_by_it(
    segment: Segment, marketer: Member, cora: Member, visitor: Any
) -> None:
    write(segment, marketer, is_offer=True)
    spend(cora)
    look()
    [letter] = letters()
    assert letter.ends == "offers"
    path = address_to_end(cora, "offers").removeprefix("http://localhost")
    visitor.post(path)
    db.session.expire_all()
    assert (db.session.get_one(Member, cora.id).offers, db.session.get_one(Member, cora.id).mail) == (False, True)
    visitor.post(path, data={"action": "again"})
    db.session.expire_all()
    assert db.session.get_one(Member, cora.id).offers is True


def test_help_is_ended_by_its_own_link_alone(segment: Segment, marketer: Member, cora: Member, visitor: Any) -> None:
    visitor.post(address_to_end(cora, "message").removeprefix("http://localhost"))
    write(segment, marketer)
    spend(cora)
    look()
    assert (letters(), outcomes()) == ([], [(SendingState.REFUSED, "unwanted")])


def test_a_marketer_reads_it_mails_it_to_themself_and_takes_it_away(
    segment: Segment, as_marketer: Any, marketer: Member, cora: Member
) -> None:
    path = f"/marketing/segments/{segment.id}"
    fields = {"subject": "Dag {name}", "text": "Een.\r\n\r\nTwee.", "path": "//elsewhere", "kind": "help"}
    assert as_marketer.send(f"{path}/message", {**fields, "by_mail": "y"}).status_code == 422
    assert as_marketer.send(f"{path}/message", {**fields, "path": "/nl/"}).status_code == 422
    assert as_marketer.send(f"{path}/message", {**fields, "path": "/nl/", "by_mail": "y"}).status_code == 303
    shown = as_marketer.see(f"{path}/message").css_first("main").text()
    assert "Dag Mark" in shown
    assert "Leden van de site Nederlands" in shown
    assert as_marketer.send(f"{path}/message/test", page=f"{path}/message").status_code == 303
    [test] = letters()
    assert (test.member_id, test.mail_class) == (marketer.id, MailClass.TRANSACTIONAL)
    assert "This is a test" in test.text
    spend(cora, complaint_count=1)
    crossings.look()
    assert as_marketer.send(f"{path}/message/remove", page=f"{path}/message").status_code == 303
    look()
    assert len(letters()) == 1
    assert db.session.scalars(select(Crossing.state)).all() == ["noted"]


def test_nobody_writes_to_who_enters_an_audience_of_another_site(segment: Segment, browser_of: Any) -> None:
    elsewhere = browser_of(makers.member("Max", site="en", role="marketer", role_site="en"))
    assert elsewhere.get(f"/marketing/segments/{segment.id}/message").status_code == 404


def test_her_profile_shows_that_we_wrote(segment: Segment, marketer: Member, as_marketer: Any, cora: Member) -> None:
    write(segment, marketer)
    spend(cora)
    look()
    project()
    assert "We wrote" in as_marketer.see(f"/marketing/members/{cora.id}").text()


def test_who_leaves_the_site_leaves_nothing_of_it(segment: Segment, marketer: Member, cora: Member) -> None:
    write(segment, marketer)
    spend(cora)
    look()
    with unit_of_work():
        leaving.erase(db.session.get_one(Member, cora.id), with_posts=False)
    assert (letters(), outcomes()) == ([], [])
