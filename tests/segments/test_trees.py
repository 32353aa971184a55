"""A segment is whoever fits its conditions: the same as asking each member one by one (`features.md` trap 12)."""

from collections import defaultdict
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import insert

from community.core import clock, stages
from community.core.db import db, unit_of_work
from community.items.models import Follow
from community.members.models import Member, Purpose
from community.profiles.models import Child, Interest, Phase, Standing
from community.segments.conditions import Clause, Group, Tree, as_json, of_json
from community.segments.queries import audience
from community.segments.queries.asking import born_by
from community.segments.queries.choices import offer_of
from community.segments.queries.fields import FIELDS
from community.segments.queries.needed import KINDS
from community.segments.words import mistake_of, sentence
from community.sites.models import SITES
from community.touchpoints.actions import read_on
from community.touchpoints.models import Touchpoint, Verb
from tests import makers

NL = SITES["nl"]
EVENTS, PEOPLE, TREES = 10_000, 60, 250
WRITTEN = (Verb.COMMENT_WRITTEN, Verb.POST_WRITTEN, Verb.TOPIC_STARTED, Verb.STORY_PUBLISHED)


class World:
    """What happened to a few dozen members, and what plain Python says of each."""

    def __init__(self, chance: Random) -> None:
        self.chance, self.now, self.today = chance, clock.now(), clock.today(NL.zone)
        self.articles = [makers.article(theme=theme) for theme in ("Slapen", "Eten", "Bevallen") for _ in range(3)]
        self.themes = sorted({article.theme_id for article in self.articles})
        self.ids = [self._person(number) for number in range(PEOPLE)]
        self.offer = offer_of(NL)
        self.happen()

    def _person(self, number: int) -> int:
        site = "nl" if number % 9 else "en"
        who = makers.member(site=site)
        with unit_of_work():
            member = db.session.get_one(Member, who.id)
            for purpose in Purpose:
                setattr(member, purpose, self.chance.random() < 0.7)
            member.joined_at = self._ago(400)
            member.last_seen_at = self.chance.choice((None, self._ago(90)))
            member.guarded_since = self.chance.choice((None, None, None, self._ago(30)))
            for _child in range(self.chance.choice((0, 1, 1, 2))):
                db.session.add(self._child(member.id))
            if self.chance.random() < 0.4:
                theme, weight = self.chance.choice(self.themes), self.chance.choice((1, 1, 1, -1))
                db.session.add(Interest(member_id=member.id, tag_id=theme, weight=weight, created_at=self.now))
            if self.chance.random() < 0.3:
                theme, stance = self.chance.choice(self.themes), self.chance.choice(("follow", "mute", "mute"))
                db.session.add(Follow(member_id=member.id, tag_id=theme, stance=stance, since=self.now))
        return who.id

    def _child(self, member_id: int) -> Child:
        stopped = self.chance.choice((None, None, None, self.now))
        child = Child(member_id=member_id, created_at=self.now, stopped_at=stopped, weeks_early=0)
        if self.chance.random() < 0.5:
            child.kind, child.due_on = "pregnancy", self.today + timedelta(days=self.chance.randint(-40, 260))
        else:
            child.kind, child.born_on = "child", self.today - timedelta(days=self.chance.randint(0, 1500))
        return child

    def _ago(self, days: int) -> Any:
        return self.now - timedelta(days=self.chance.random() * days)

    def happen(self) -> None:
        verbs = [Verb.PAGE_READ] * 14 + [*WRITTEN, Verb.REVIEW_WRITTEN, Verb.ORDER_PLACED, Verb.CASE_OPENED]
        rows = []
        for number in range(EVENTS):
            verb = self.chance.choice(verbs)
            about = self.chance.choice(self.articles).key if verb == Verb.PAGE_READ else f"order:{number}"
            facts = {"cents": self.chance.randint(100, 4000)} if verb == Verb.ORDER_PLACED else {}
            row = {"at": self._ago(60), "verb": verb, "site": NL, "about": about, "facts": facts, "channel": "web"}
            few = self.chance.choice(self.ids[: PEOPLE // 3]) if self.chance.random() < 0.8 else None
            who = few or self.chance.choice(self.ids)
            rows.append({**row, "member_id": who, "allows": self.chance.choice(("", "pa", "pao", "o"))})
        with unit_of_work():
            db.session.execute(insert(Touchpoint), rows)
        while read_on("phases"):
            pass

    def look(self) -> None:
        """Everything into plain lists."""
        db.session.rollback()
        self.members = {member.id: member for member in db.session.query(Member)}
        self.standings = {row.member_id: row for row in db.session.query(Standing)}
        self.children, self.chosen, self.events = defaultdict(list), defaultdict(set), defaultdict(list)
        self.muted = defaultdict(set)
        for child in db.session.query(Child):
            self.children[child.member_id].append(child)
        for interest in db.session.query(Interest):
            known = self.chosen if interest.weight > 0 else self.muted
            known[interest.member_id].add(str(interest.tag_id))
        for follow in db.session.query(Follow).filter_by(stance="mute"):
            self.muted[follow.member_id].add(str(follow.tag_id))
        for row in db.session.query(Touchpoint):
            if "o" in row.allows:
                self.events[row.member_id].append(row)

    def fits(self, tree: Tree, member_id: int) -> bool:
        """Whether a member of the Dutch site who agreed to offers fits."""
        member = self.members[member_id]
        return member.site == NL and member.offers and self.holds(tree, member)

    def holds(self, tree: Tree, member: Member) -> bool:
        if isinstance(tree, Clause):
            held = bool(getattr(self, f"_{tree.field}")(tree.operator, tree.values, member))
        else:
            parts = [self.holds(part, member) for part in tree.parts]
            held = any(parts) if tree.is_any and parts else all(parts)
        return held != tree.is_not

    def _shown(self, member: Member) -> list[Child]:
        return [] if member.guarded_since else [c for c in self.children[member.id] if c.stopped_at is None]

    def _week(self, operator: str, values: dict[str, Any], member: Member) -> bool:
        due = [c.due_on for c in self._shown(member) if c.is_pregnancy and (self.today - c.due_on).days <= 21]
        weeks = [(280 + (self.today - day).days) // 7 for day in due]
        return bool(weeks) if operator == "any" else any(values["low"] <= w <= values["high"] for w in weeks)

    def _age(self, _operator: str, values: dict[str, Any], member: Member) -> bool:
        ages = [stages.months_between(c.born_on, self.today) for c in self._shown(member) if c.born_on]
        return any(values["low"] <= age <= values["high"] for age in ages)

    def _children(self, _operator: str, values: dict[str, Any], member: Member) -> bool:
        return sum(1 for c in self._shown(member) if not c.is_pregnancy) >= values["number"]

    def _when(self, operator: str, moment: Any, days: int) -> bool:
        edge = self.now - timedelta(days=days)
        return moment is not None and (moment >= edge if operator == "within" else moment < edge)

    def _joined(self, operator: str, values: dict[str, Any], member: Member) -> bool:
        return self._when(operator, member.joined_at, values["days"])

    def _seen(self, operator: str, values: dict[str, Any], member: Member) -> bool:
        return self._when(operator, member.last_seen_at, values["days"])

    def _interest(self, _operator: str, values: dict[str, Any], member: Member) -> bool:
        return values["value"] in self.chosen[member.id]

    def _consent(self, _operator: str, values: dict[str, Any], member: Member) -> bool:
        return member.consents_to(Purpose(values["value"]))

    def _phase(self, operator: str, values: dict[str, Any], member: Member) -> bool:
        row, order = self.standings.get(member.id), list(Phase)
        if row is None or not row.phase:
            return False
        if operator == "is":
            return row.phase == values["value"]
        return order.index(Phase(row.phase)) >= order.index(Phase(values["value"]))

    def _count(self, member: Member, *verbs: Verb) -> int:
        return sum(1 for row in self.events[member.id] if row.verb in verbs)

    def _read(self, operator: str, values: dict[str, Any], member: Member) -> bool:
        edge = self.now - timedelta(days=values["days"])
        about = {a.key for a in self.articles if operator == "any" or str(a.theme_id) == values["value"]}
        rows = self.events[member.id]
        found = [r for r in rows if r.verb == Verb.PAGE_READ and r.about in about and r.at >= edge]
        return len({r.about for r in found} if operator == "things" else found) >= values["number"]

    def _muted(self, operator: str, values: dict[str, Any], member: Member) -> bool:
        return (values["value"] in self.muted[member.id]) == (operator == "yes")

    def _month(self, operator: str, values: dict[str, Any], member: Member) -> bool:
        days = [self.today - timedelta(days=ago) for ago in (0, 7)]
        born = [c.born_on for c in self._shown(member) if c.born_on and operator == "child"]
        ages = [[stages.months_between(day, on) for on in days] for day in born if day <= days[1]]
        return any(now >= values["month"] > before for now, before in ages)

    def _written(self, _operator: str, values: dict[str, Any], member: Member) -> bool:
        return self._count(member, *WRITTEN) >= values["number"]

    def _reviews(self, _operator: str, values: dict[str, Any], member: Member) -> bool:
        return self._count(member, Verb.REVIEW_WRITTEN) >= values["number"]

    def _orders(self, operator: str, values: dict[str, Any], member: Member) -> bool:
        count = self._count(member, Verb.ORDER_PLACED)
        return count == 0 if operator == "none" else count >= values["number"]

    def _spent(self, _operator: str, values: dict[str, Any], member: Member) -> bool:
        cents = sum(row.facts.get("cents", 0) for row in self.events[member.id])
        return cents >= values["number"] * 100 and self._count(member, Verb.ORDER_PLACED) > 0


ASKED = [name.removeprefix("_") for name in vars(World) if name.removeprefix("_") in FIELDS]


def a_clause(world: World) -> Clause:
    chance, field = world.chance, world.chance.choice(ASKED)
    operator = chance.choice(list(FIELDS[field].operators))
    offer, values = world.offer, {}
    for asked in FIELDS[field].operators[operator].inputs:
        most = {"days": 60, "number": 40, "high": 42, "low": 20, "month": 36}.get(asked.name, 0)
        choices = list(offer.lists.get(asked.choices, ()))
        values[asked.name] = (
            chance.choice(choices) if asked.choices else chance.randint(asked.least, min(most, 40, asked.most))
        )
    if "low" in values:
        values["high"] = max(values["low"], values["high"])
    return Clause(field, operator, values, chance.random() < 0.25)


def a_tree(world: World, depth: int = 2) -> Tree:
    if depth == 0 or world.chance.random() < 0.3:
        return a_clause(world)
    parts = tuple(a_tree(world, depth - 1) for _ in range(world.chance.choice((1, 2, 2, 3))))
    return Group(parts, world.chance.random() < 0.5, world.chance.random() < 0.2)


def test_a_segment_is_who_fits_when_each_is_asked_alone_after_ten_thousand_random_events(app):
    world = World(Random(20261122))
    world.look()
    sizes = set()
    for _time in range(TREES):
        tree = a_tree(world)
        assert mistake_of(tree, world.offer) == "", tree
        assert of_json(as_json(tree)) == tree
        expected = {member_id for member_id in world.ids if world.fits(tree, member_id)}
        found = set(db.session.scalars(audience.members_in(tree, NL)))
        assert found == expected, sentence(tree, NL, world.offer)
        sizes.add(len(expected))
    assert len(ASKED) > 12
    assert len(sizes) > 20


@pytest.mark.parametrize("day", ["2027-02-28", "2028-02-29", "2027-03-31", "2027-03-01", "2026-12-31"])
def test_a_month_of_age_ends_where_the_calendar_of_parents_says(day):
    today = clock.today().fromisoformat(day)
    for months in range(30):
        last = born_by(months, today)
        assert stages.months_between(last, today) >= months
        assert last == today or stages.months_between(last + timedelta(days=1), today) < months


def test_every_field_says_what_it_needs_to_know_or_needs_nothing_that_can_be_withheld() -> None:
    assert FIELDS.keys() - KINDS.keys() == {"joined", "seen", "consent", "ambassador", "complaint"}
    assert KINDS.keys() <= FIELDS.keys()
