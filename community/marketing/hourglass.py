"""Where a relationship stands: the rules of the hourglass (`features.md` C4) and of See, Think, Do, Care (D14).

A member's part of the record is folded row by row into `Evidence`: as much of it as the rules ask for. The same rows
give the same evidence, whether they came one by one or all at once."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Protocol

from community.profiles.models import Phase, Stage
from community.touchpoints.models import Verb

VISITS = 3  # days, for Like
CONTACTS, ARTICLES = 7, 3  # for Trust: the seventh contact, three of them help
READS = 2  # about one subject, for Think
LOOKS = 2  # at products, for Do
ORDERS = 2  # for Repeat

WRITTEN = frozenset({Verb.COMMENT_WRITTEN, Verb.POST_WRITTEN, Verb.STORY_PUBLISHED, Verb.TOPIC_STARTED})
# The work of staff, what we did, what ends something, and what says nothing of the relationship.
NO_CONTACT = frozenset(
    {Verb.AMBASSADOR_LEFT, Verb.ARTICLE_PUBLISHED, Verb.CASE_ANSWERED, Verb.CASE_SOLVED, Verb.CLUB_LEFT}
    | {Verb.ITEM_DISMISSED, Verb.ITEM_REPORTED, Verb.MESSAGE_SENT, Verb.ORDER_RETURNED, Verb.PAGE_LEFT}
    | {Verb.PREGNANCY_CHANGED}
)
# What a phase means in the other model, at the least.
LEAST_STAGE = {
    Phase.KNOW: Stage.SEE,
    Phase.LIKE: Stage.SEE,
    Phase.TRUST: Stage.THINK,
    Phase.TRY: Stage.DO,
    Phase.BUY: Stage.CARE,
    Phase.REPEAT: Stage.CARE,
    Phase.REFER: Stage.CARE,
}
PHASES, STAGES = tuple(Phase), tuple(Stage)


class Contact(Protocol):
    """What is read of a touchpoint."""

    id: Any
    at: Any
    verb: Any
    about: Any
    allows: Any
    facts: Any


@dataclass(frozen=True)
class Move:
    """One step from a phase to another, and the touchpoint that made it."""

    before: str
    phase: str
    touchpoint_id: int
    at: datetime


@dataclass
class Evidence:
    """What the record holds of one member; each number is the id of a touchpoint, unless it ends in `_count`."""

    contacts: list[int] = field(default_factory=list)  # the first ones
    days: dict[str, int] = field(default_factory=dict)  # the first contact of each of the first days
    articles: dict[str, int] = field(default_factory=dict)  # the first ones
    subjects: dict[str, list[int]] = field(default_factory=dict)  # reads, until one subject has enough
    looks: list[int] = field(default_factory=list)
    firsts: dict[str, int] = field(default_factory=dict)  # the first contact of each verb, and "mail": with a yes to it
    orders: dict[str, list[int]] = field(default_factory=dict)  # the touchpoint and what is left of it in cents
    last_read: str = ""  # the same page again on the same day, with no other between, is no contact
    phase: str = ""
    highest_phase: str = ""
    contact_count: int = 0
    read_count: int = 0
    written_count: int = 0
    review_count: int = 0
    last_contact: int = 0  # seconds
    last_order: int = 0  # seconds

    def add(self, contact: Contact, subject: str) -> Move | None:
        """One more row of the record; the move that it made, if it made one."""
        if contact.verb == Verb.PAGE_READ and not self._is_new_read(contact):
            return None
        if contact.verb not in NO_CONTACT:
            self._count(contact)
        NOTES.get(contact.verb, _nothing)(self, contact, subject)
        return self._moved(contact)

    @property
    def kept_orders(self) -> list[int]:
        """Orders of which something was kept."""
        return [touchpoint for touchpoint, cents in self.orders.values() if cents > 0]

    @property
    def spent_cents(self) -> int:
        """What was paid and not given back."""
        return sum(cents for _touchpoint, cents in self.orders.values())

    def as_json(self) -> dict[str, Any]:
        """As it is stored."""
        return asdict(self)

    def _count(self, contact: Contact) -> None:
        self.contact_count += 1
        self.last_contact = max(self.last_contact, int(contact.at.timestamp()))
        if len(self.contacts) < CONTACTS:
            self.contacts.append(contact.id)
        if len(self.days) < VISITS:
            self.days.setdefault(_day(contact), contact.id)
        self.firsts.setdefault(str(contact.verb), contact.id)
        if "m" in contact.allows:
            self.firsts.setdefault("mail", contact.id)
        self.written_count += contact.verb in WRITTEN
        self.review_count += contact.verb == Verb.REVIEW_WRITTEN

    def _is_new_read(self, contact: Contact) -> bool:
        read = f"{contact.about}@{_day(contact)}"
        is_new, self.last_read = read != self.last_read, read
        return is_new

    def _moved(self, contact: Contact) -> Move | None:
        before, (self.phase, _reasons) = self.phase, phase_of(self)
        self.highest_phase = max(self.highest_phase, self.phase, key=_rank)
        return Move(before, self.phase, contact.id, contact.at) if before != self.phase else None


def phase_of(evidence: Evidence) -> tuple[str, list[int]]:
    """The farthest phase whose rule holds, with the touchpoints that made it; nothing before the first contact."""
    for phase in reversed(PHASES):
        if reasons := PHASE_RULES[phase](evidence):
            return phase, sorted(set(reasons))
    return "", []


def stage_of(evidence: Evidence) -> tuple[str, list[int]]:
    """The same for See, Think, Do, Care; never behind what the phase means."""
    phase, reasons = phase_of(evidence)
    found = [(stage, STAGE_RULES[stage](evidence)) for stage in reversed(STAGES)]
    own = next(((stage, made) for stage, made in found if made), None)
    if own is None or not phase:
        return "", []
    least = LEAST_STAGE[Phase(phase)]
    return (least, reasons) if STAGES.index(least) > STAGES.index(own[0]) else (own[0], sorted(set(own[1])))


def _note_read(evidence: Evidence, contact: Contact, subject: str) -> None:
    about = contact.about or ""
    evidence.read_count += 1
    if about.startswith("article:") and len(evidence.articles) < ARTICLES:
        evidence.articles.setdefault(about, contact.id)
    if about.startswith("product:") and len(evidence.looks) < LOOKS:
        evidence.looks.append(contact.id)
    if not _think(evidence):
        evidence.subjects.setdefault(subject, []).append(contact.id)
        if enough := [reads for reads in evidence.subjects.values() if len(reads) >= READS]:
            evidence.subjects = {"": enough[0]}


def _note_question(evidence: Evidence, contact: Contact, _subject: str) -> None:
    if contact.facts.get("kind") == "question":
        evidence.firsts.setdefault("question", contact.id)


def _note_order(evidence: Evidence, contact: Contact, _subject: str) -> None:
    evidence.orders.setdefault(contact.about or "", [contact.id, 0])[1] += contact.facts.get("cents", 0)
    evidence.last_order = max(evidence.last_order, int(contact.at.timestamp()))


def _note_return(evidence: Evidence, contact: Contact, _subject: str) -> None:
    evidence.orders.setdefault(contact.about or "", [contact.id, 0])[1] -= abs(contact.facts.get("cents", 0))


def _nothing(_evidence: Evidence, _contact: Contact, _subject: str) -> None:
    """Counted, and no more."""


NOTES: dict[str, Callable[[Evidence, Contact, str], None]] = {
    Verb.PAGE_READ: _note_read,
    Verb.CASE_OPENED: _note_question,
    Verb.ORDER_PLACED: _note_order,
    Verb.ORDER_RETURNED: _note_return,
}


def _know(evidence: Evidence) -> list[int]:
    """The first contact by which we know who it is."""
    return evidence.contacts[:1]


def _like(evidence: Evidence) -> list[int]:
    """The address is confirmed and we may write; or three days with us."""
    confirmed = _both(evidence, Verb.MEMBER_CONFIRMED, "mail")
    return confirmed or (list(evidence.days.values()) if len(evidence.days) >= VISITS else [])


def _trust(evidence: Evidence) -> list[int]:
    """Joined a club; or seven contacts, with three different help articles among all of them."""
    if club := _one(evidence, Verb.CLUB_JOINED):
        return club
    is_enough = evidence.contact_count >= CONTACTS and len(evidence.articles) >= ARTICLES
    return [*evidence.contacts, *evidence.articles.values()] if is_enough else []


def _try(evidence: Evidence) -> list[int]:
    """Asked us a question; or weighed a product by the word of others."""
    return _one(evidence, "question") or _one(evidence, Verb.REVIEW_VOTED)


def _buy(evidence: Evidence) -> list[int]:
    """A first order that was not sent back."""
    return evidence.kept_orders[:1]


def _repeat(evidence: Evidence) -> list[int]:
    """A second one."""
    return evidence.kept_orders[:ORDERS] if len(evidence.kept_orders) >= ORDERS else []


def _refer(evidence: Evidence) -> list[int]:
    """Brought a friend; or told what a product is like and became an ambassador, who has a link to share."""
    return _one(evidence, Verb.FRIEND_CAME) or _both(evidence, Verb.REVIEW_WRITTEN, Verb.AMBASSADOR_JOINED)


def _think(evidence: Evidence) -> list[int]:
    """Searched; or read twice about one subject."""
    searched = _one(evidence, Verb.SEARCH_MADE)
    return searched or next((reads[:READS] for reads in evidence.subjects.values() if len(reads) >= READS), [])


def _do(evidence: Evidence) -> list[int]:
    """Looked at products twice."""
    return evidence.looks if len(evidence.looks) >= LOOKS else []


Rule = Callable[[Evidence], list[int]]
PHASE_RULES: dict[Phase, Rule] = {
    Phase.KNOW: _know,
    Phase.LIKE: _like,
    Phase.TRUST: _trust,
    Phase.TRY: _try,
    Phase.BUY: _buy,
    Phase.REPEAT: _repeat,
    Phase.REFER: _refer,
}
STAGE_RULES: dict[Stage, Rule] = {Stage.SEE: _know, Stage.THINK: _think, Stage.DO: _do, Stage.CARE: _buy}


def _one(evidence: Evidence, name: str) -> list[int]:
    return [evidence.firsts[name]] if name in evidence.firsts else []


def _both(evidence: Evidence, one: str, other: str) -> list[int]:
    found = _one(evidence, one) + _one(evidence, other)
    return found if len(found) == 2 else []


def _day(contact: Contact) -> str:
    return str(contact.at.date().isoformat())


def _rank(phase: str) -> int:
    return PHASES.index(Phase(phase)) if phase else -1
