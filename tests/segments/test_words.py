"""An audience reads as a sentence, in the reader's grammar; what cannot be asked says why."""

import pytest
from flask_babel import force_locale

from community.core.db import db
from community.segments.conditions import Clause, Group
from community.segments.queries import audience
from community.segments.queries.choices import offer_of
from community.segments.queries.fields import FIELDS
from community.segments.words import mistake_of, sentence
from community.sites.models import SITES
from tests import makers

NL = SITES["nl"]


@pytest.fixture
def sleep(app):
    return str(makers.article(theme="Sleep").theme_id)


def in_english(tree):
    with force_locale("en"):
        return sentence(tree, NL, offer_of(NL))


def wrong(tree):
    with force_locale("en"):
        return mistake_of(tree, offer_of(NL))


def three(sleep):
    return Group(
        (
            Clause("week", "between", {"low": 20, "high": 30}),
            Clause("read", "about", {"value": sleep, "number": 2, "days": 14}),
            Clause("orders", "none"),
        )
    )


def test_three_clauses_read_as_one_sentence(sleep):
    assert in_english(three(sleep)) == (
        "Members of Nederlands who are in week 20 to 30 of a pregnancy, and who read about Sleep at least 2 times"
        " in the last 14 days, and who did not order yet"
    )


def test_a_group_within_stands_in_brackets_and_what_is_turned_round_says_so(sleep):
    once = Clause("orders", "at_least", {"number": 1}, is_not=True)
    inner = Group((Clause("phase", "is", {"value": "buy"}), Clause("ambassador", "is")), is_any=True)
    assert in_english(Group((once, inner))) == (
        "Members of Nederlands who are not among those who ordered, and (who are in the phase Buy, or who are"
        " ambassadors)"
    )


def test_nothing_asked_is_everybody(app):
    assert in_english(Group()) == "All members of Nederlands"


def test_every_way_to_ask_has_words_and_an_answer(sleep):
    makers.club()
    values = {"low": 1, "high": 2, "number": 2, "days": 7, "hours": 24, "stars": 2, "month": 9}
    for name, field in FIELDS.items():
        for how, operator in field.operators.items():
            offer = offer_of(NL)
            lists = {i.name: next(iter(offer.lists[i.choices]), "1") for i in operator.inputs if i.choices}
            clause = Clause(name, how, {i.name: lists.get(i.name, values.get(i.name)) for i in operator.inputs})
            assert in_english(clause).startswith("Members of Nederlands who"), clause
            assert list(db.session.scalars(audience.members_in(clause, NL))) == [], clause


@pytest.mark.parametrize(
    ("clause", "words"),
    [
        (Clause("shoe-size", "is"), "Choose how"),
        (Clause("week", "between", {"low": 30, "high": 20}), "first number"),
        (Clause("week", "between", {"low": 3, "high": 99}), "from 0 to 42"),
        (Clause("week", "between", {"low": 3}), "whole number"),
        (Clause("written", "at_least", {"number": "many"}), "whole number"),
        (Clause("read", "about", {"value": "999", "number": 1, "days": 3}), "of the list"),
        (Clause("consent", "is", {"value": "everything"}), "of the list"),
    ],
)
def test_what_cannot_be_asked_says_why(app, clause, words):
    assert words in wrong(Group((clause,)))


def test_too_much_at_once_is_refused(app):
    assert "more than one audience" in wrong(Group((Clause("orders", "none"),) * 41))
