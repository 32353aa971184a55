"""What may be used for what: said on the member's page, and obeyed by audiences, lists, files and figures."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from community.core import clock
from community.core.db import db, unit_of_work
from community.insights.queries import figures
from community.insights.scope import Scope
from community.items.models import Tag
from community.members import actions as members
from community.members.ledger import LINES, DataKind, Use, line_of
from community.members.models import ConsentGiven, Member
from community.members.queries import consents_of, uses_in
from community.personalisation.queries.signals import signals_of
from community.personalisation.queries.slots import offer_for
from community.personalisation.slots import Channel, Place, Slot
from community.personalisation.slots_actions import keep_offer
from community.profiles import actions as profiles
from community.profiles.queries import family_of
from community.segments.conditions import Clause, Group
from community.segments.queries import audience
from community.sites.models import SITES
from tests import makers
from tests.marketing.conftest import EVERYTHING

NL = SITES["nl"]
PREGNANT = Group((Clause("week", "between", {"low": 20, "high": 30}),))
BOUGHT_NOTHING = Group((Clause("orders", "none"),))


@pytest.fixture
def people(app: Any) -> list[int]:
    """Four members in week 24 who agreed to everything."""
    made = [makers.member(consents=EVERYTHING) for _number in range(4)]
    for one in made:
        makers.pregnancy(one)
    return [one.id for one in made]


def withhold(member_id: int, *lines: tuple[Use, DataKind]) -> Member:
    with unit_of_work():
        member = db.session.get_one(Member, member_id)
        members.set_uses(member, frozenset(line_of(*line) for line in lines), "test")
    return member


def month() -> str:
    return f"{clock.now():%Y-%m}"


def fitting(tree: Any, use: Use = Use.MAILS) -> set[int]:
    return {row[0].id for row in audience.all_of(tree, NL, use)}


def test_an_audience_drops_by_exactly_those_who_withhold_what_it_asks(people: list[int]) -> None:
    assert fitting(PREGNANT) == set(people)
    withhold(people[0], (Use.MAILS, DataKind.STAGE))
    withhold(people[1], (Use.PAGES, DataKind.STAGE))
    withhold(people[2], (Use.MAILS, DataKind.ORDERS))
    assert fitting(PREGNANT) == set(people) - {people[0]}
    assert audience.heads(PREGNANT, NL).count == 3
    assert fitting(BOUGHT_NOTHING) == set(people) - {people[2]}
    assert fitting(PREGNANT, Use.LISTS) == set(people)
    withhold(people[0])
    assert fitting(PREGNANT) == set(people)


@given(
    chosen=some.lists(some.sets(some.sampled_from(sorted(LINES))), min_size=4, max_size=4),
    use=some.sampled_from([Use.MAILS, Use.LISTS]),
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_withheld_only_those_are_missing_who_said_no(people: list[int], chosen: Any, use: Use) -> None:
    with unit_of_work():
        for member_id, lines in zip(people, chosen, strict=True):
            members.set_uses(db.session.get_one(Member, member_id), frozenset(lines), "test")
    both = Group((*PREGNANT.parts, Clause("orders", "at_least", {"number": 1}, is_not=True)))
    for tree, kinds in ((PREGNANT, [DataKind.STAGE]), (both, [DataKind.STAGE, DataKind.ORDERS])):
        silent = {line_of(use, kind) for kind in kinds}
        expected = {one for one, lines in zip(people, chosen, strict=True) if not silent & lines}
        assert fitting(tree, use) == expected


def test_who_withholds_their_week_from_one_use_is_still_in_figures_and_the_other_way(people: list[int]) -> None:
    today = clock.today(NL.zone)
    scope = Scope((NL,), today, today)
    withhold(people[0], (Use.FIGURES, DataKind.STAGE))
    withhold(people[1], (Use.MAILS, DataKind.STAGE))
    assert next(line for line in figures.stages_of(scope) if line.of == "week-24").numbers["members"] == 3


def test_lists_do_not_know_the_week_where_it_is_withheld_from_them(people: list[int]) -> None:
    for title, stage in (("Week 24", (-112, -106)), ("Any time", None)):
        makers.article(title, stage=stage)
    today, member = clock.today(NL.zone), withhold(people[0], (Use.PAGES, DataKind.STAGE))

    def said(channel: Channel) -> str:
        slot = Slot.MAIL if channel is Channel.MAIL else Slot.HOME
        offer = offer_for(member, Place(slot, NL, channel=channel), family_of(member, today), today)
        return " ".join(reason for one in offer.recommended for reason in one.reasons)

    assert "You are in week" not in said(Channel.WEB)
    assert "You are in week" in said(Channel.MAIL)


def test_each_list_that_is_kept_counts_once_as_a_use(people: list[int]) -> None:
    makers.article("Read me")
    today, member = clock.today(NL.zone), db.session.get_one(Member, people[0])
    for _time in range(3):
        with unit_of_work():
            keep_offer(offer_for(member, Place(Slot.HOME, NL), family_of(member, today), today))
    assert uses_in(member, month()) == {"pages": 3}


def test_a_member_says_what_may_be_used_and_sees_how_often_it_was(people: list[int], browser_of: Any) -> None:
    member = db.session.get_one(Member, people[0])
    with unit_of_work():
        members.note_uses([member.id] * 14, Use.LISTS, clock.now())
    browser = browser_of(member)
    page = browser.see("/account/privacy")
    assert "Deze maand 14 keer gebruikt." in page.text()
    assert len(page.css("form[action='/account/privacy/uses'] input[type=checkbox][checked]")) == len(LINES)
    kept = {"pages": ["pages:stage"], "mails": ["mails:reading", "mails:orders"]}
    assert browser.send("/account/privacy/uses", kept, "/account/privacy").status_code == 303
    ticked = {"pages:stage", "mails:reading", "mails:orders"}
    assert set(db.session.get_one(Member, member.id).withheld) == LINES - ticked
    lines = {line.purpose: line.is_given for line in consents_of(member) if ":" in line.purpose}
    assert lines == dict.fromkeys(LINES - ticked, False)
    browser.send("/account/privacy/uses", {**kept, "shop": ["shop:orders"]}, "/account/privacy")
    last: ConsentGiven = consents_of(member)[0]
    assert (last.purpose, last.is_given) == ("shop:orders", True)


def test_a_use_that_nobody_knows_is_refused(people: list[int], browser_of: Any) -> None:
    browser = browser_of(db.session.get_one(Member, people[0]))
    answer = browser.send("/account/privacy/uses", {"pages": ["pages:orders"]}, "/account/privacy")
    assert answer.status_code == 422
    assert db.session.get_one(Member, people[0]).withheld == []


def test_the_letter_forgets_the_subjects_that_are_withheld_from_it(people: list[int]) -> None:
    article = makers.article("Sleep well", theme="Sleep")
    with unit_of_work():
        member = db.session.get_one(Member, people[0])
        profiles.set_interest(member, db.session.get_one(Tag, article.theme_id), 1)
    member, now = withhold(people[0], (Use.LETTER, DataKind.INTERESTS)), clock.now()
    assert signals_of(member, None, now, Use.LETTER).chosen == frozenset()
    assert signals_of(member, None, now, Use.PAGES).chosen == {article.theme_id}
