"""The places where something is chosen for a reader, and the rules by which editors and marketers have them filled."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from community.items.models import Item
from community.members.ledger import Use
from community.personalisation.experiments import Way, number_of, way_of
from community.personalisation.tiers import Tier
from community.shop.models import RelationKind
from community.sites.models import Site

ONE_LIST_IN = 50  # has a place that goes by chance: estimates stay honest, and what is new is seen
HOLDOUT = "holdout"  # as the log calls its arm
LAST_READS = 20  # of a session without consent: so many the browser remembers until it is closed


class Slot(StrEnum):
    """Where a list stands."""

    HOME = "home"
    FRONT = "front"  # a visitor's, where something is known of the visit
    ARTICLE = "article"  # at its end
    CALENDAR = "calendar"
    TOPIC = "topic"
    PRODUCT = "product"
    MAIL = "mail"  # the weekly letter
    LEAFLET = "leaflet"  # on paper, at the till


class Channel(StrEnum):
    """How a list comes to its reader."""

    WEB = "web"
    MAIL = "mail"
    PRINT = "print"


USUAL_COUNT = {Slot.HOME: 6, Slot.LEAFLET: 5}
BESIDE = (Slot.ARTICLE, Slot.TOPIC, Slot.PRODUCT)  # lists that go with an item
KINDS = ("article", "topic", "blogpost", "product", "review")
RELATIONS = tuple(kind.value for kind in RelationKind)


def use_in(slot: str | None) -> Use:
    """What a list in a slot puts data to."""
    return Use.LETTER if slot == Slot.MAIL else Use.PAGES


@dataclass(frozen=True)
class Place:
    """One slot on one page or in one letter; `beside` is the item that it goes with."""

    slot: Slot
    site: Site
    beside: Item | None = None
    channel: Channel = Channel.WEB

    @property
    def use(self) -> Use:
        """What a list here puts data to."""
        return use_in(self.slot)


@dataclass(frozen=True)
class Rules:
    """How a slot is filled."""

    count: int
    most: dict[str, int] = field(default_factory=dict)  # kind -> at most so many of it; other kinds as they come
    least: dict[str, int] = field(default_factory=dict)  # kind -> at least so many, where so many may come at all
    parts: tuple[str, ...] = ()  # only what leads for one of these reasons; none: for any
    pins: tuple[int, ...] = ()  # items that come first, wherever they may come at all
    relations: tuple[str, ...] = ()  # then products that go in these ways with this one, or with what was bought
    goes_by_chance: bool = True
    is_plain: bool = False  # what is read most, for everybody alike

    @property
    def is_choosy(self) -> bool:
        """Whether some of what is found may not come."""
        return bool(self.most or self.least or self.parts)

    def allows(self, weights: dict[Any, float]) -> bool:
        """Whether an item may come for what speaks for it most."""
        return not self.parts or bool(weights) and max(weights, key=lambda part: weights[part]) in self.parts

    def mixed(self, found: Iterable[Any]) -> tuple[list[Any], list[Any]]:
        """Those of these recommendations that come, in their order, and those that could beside them: a place is
        kept for each that is owed to a kind, as long as one may still be found."""
        chosen, rest, owed = list[Any](), list[Any](), Counter(self.least)
        for one in self._within_most(found):
            is_owed = owed[one.item.kind] > 0
            if len(chosen) + (0 if is_owed else owed.total()) < self.count:
                owed[one.item.kind] -= is_owed
                chosen.append(one)
            else:
                rest.append(one)
        left = self.count - len(chosen)
        return chosen + rest[:left], rest[left:]

    def is_owed(self, chosen: Sequence[Any]) -> bool:
        """Whether a kind has fewer places than it should."""
        return bool(Counter(self.least) - Counter(one.item.kind for one in chosen))

    def free_places(self, chosen: Sequence[Any]) -> list[int]:
        """The places that are no kind's due."""
        return [at for at in range(len(chosen)) if not self.is_owed([*chosen[:at], *chosen[at + 1 :]])]

    def _within_most(self, found: Iterable[Any]) -> Iterator[Any]:
        left = Counter(self.most)
        for one in found:
            kind = one.item.kind
            if kind not in self.most or left[kind] > 0:
                left[kind] -= 1
                yield one

    def as_json(self) -> dict[str, Any]:
        """As a row keeps them."""
        return asdict(self)


def usual_rules(slot: Slot) -> Rules:
    """Where nobody of the staff said anything."""
    return Rules(USUAL_COUNT.get(slot, 4), relations=RELATIONS if slot is Slot.PRODUCT else ())


def rules_of(stored: dict[str, Any]) -> Rules:
    """As they were kept."""
    said: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in stored.items()}
    return Rules(**said)


@dataclass(frozen=True)
class Running:
    """An experiment that runs."""

    id: int
    slot: str | None  # None: the holdout
    percent: int
    rules: Rules | None  # none for the holdout, which is plain


@dataclass(frozen=True)
class Plan:
    """How a site's slots are filled at present."""

    settings: dict[str, tuple[Rules, int]]  # slot -> its rules, and their version
    running: Sequence[Running] = ()

    def choice_for(self, person: str | None, slot: Slot) -> "Choice":
        """The rules of a slot for one person, by the experiments in which this person is."""
        rules, version = self.settings.get(slot, (usual_rules(slot), 0))
        ways = [(one, way_of(person, one.id, one.percent)) for one in self._running_in(slot)] if person else []
        arm = ""
        for one, way in ways:
            if one.rules is None and way is Way.OTHER:
                return Choice(Rules(rules.count, is_plain=True), version, HOLDOUT, ((one.id, way),))
            if one.rules is not None:
                arm, rules = way.value, one.rules if way is Way.OTHER else rules
        return Choice(rules, version, arm, tuple((one.id, way) for one, way in ways))

    def _running_in(self, slot: Slot) -> list["Running"]:
        """The holdout first: who is held out takes part in nothing else."""
        return sorted((one for one in self.running if one.slot in (None, slot)), key=lambda one: one.slot is not None)


@dataclass(frozen=True)
class Choice:
    """The rules that hold for one person, and the arms of experiments that led to them."""

    rules: Rules
    version: int = 0
    arm: str = ""
    trials: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True)
class Offer:
    """A list as its reader sees it, with all that its log needs. Only with a person there is a log."""

    place: Place
    recommended: Sequence[Any] = ()
    person: str | None = None
    choice: Choice = Choice(Rules(0))
    chance_at: int | None = None  # the place that went by chance, from 0
    uses: tuple[Use, ...] = ()  # of what is known of the person
    tiers: tuple[Tier, ...] = ()  # what each item of the list rests on

    def as_log(self, at: datetime) -> dict[str, Any]:
        """What is kept of it, as plain values."""
        return {
            "person": self.person,
            "slot": self.place.slot.value,
            "channel": self.place.channel.value,
            "item_ids": [one.item.id for one in self.recommended],
            "version": self.choice.version,
            "arm": self.choice.arm,
            "trials": self.choice.trials,
            "chance_at": self.chance_at,
            "uses": self.uses,
            "tiers": [tier.value for tier in self.tiers],
            "at": at,
        }


@dataclass(frozen=True)
class Chance:
    """Which place of a person's lists goes by chance in this hour, if any: the same in every slot and channel."""

    number: int

    @property
    def is_taken(self) -> bool:
        """Whether it is this person's turn."""
        return self.number % ONE_LIST_IN == 0

    def put_in(self, chosen: list[Any], rest: list[Any], places: Sequence[int]) -> int | None:
        """Let one of the rest stand in one of these places of the chosen; in which."""
        if not (self.is_taken and places and rest):
            return None
        at = places[self.number // ONE_LIST_IN % len(places)]
        chosen[at] = rest[self.number // ONE_LIST_IN // len(places) % len(rest)]
        return at


def chance_of(person: str | None, site: Site, now: datetime) -> Chance:
    """The chance of a person in this hour; nobody's lists go by chance whose person is not known."""
    return Chance(1 if person is None else number_of(person, f"{site.code}:{now:%Y-%m-%dT%H}"))
