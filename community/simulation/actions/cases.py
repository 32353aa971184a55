"""Questions and complaints to the service, with what was said in them."""

from dataclasses import dataclass
from random import Random

from community.core.text import to_safe_html
from community.messages.models import NoticeKind
from community.service.models import Case, CaseKind, CaseMessage, CaseState
from community.service.policy import due_at
from community.simulation import queries
from community.simulation.actions.store import BATCH, NOTICED, Store, read_at
from community.simulation.texts import say
from community.simulation.world import DAY, HOUR, Person, Town, at, moment
from community.touchpoints.models import Verb

ASKS, COMPLAINS, ASKS_ON, IS_SOLVED = 0.05, 0.3, 0.25, 0.85
WORDS = {CaseKind.QUESTION: ("question", "asking"), CaseKind.COMPLAINT: ("complaint", "complaining")}


@dataclass(frozen=True)
class Course:
    """How a case went: when each side wrote in turn, who asked first, and when it was solved."""

    kind: CaseKind
    written: list[int]
    solved: int | None

    @property
    def is_answered(self) -> bool:
        """Whether the last word is ours."""
        return len(self.written) % 2 == 0

    @property
    def state(self) -> CaseState:
        """Whose turn it is."""
        if self.solved is not None:
            return CaseState.SOLVED
        return CaseState.ANSWERED if self.is_answered else CaseState.OPEN

    @property
    def asked(self) -> int:
        """When they wrote last."""
        return self.written[-2 if self.is_answered else -1]


def ask(store: Store, chance: Random, town: Town, until: int) -> None:
    """What members of a site asked, and what became of it."""
    for person in town.people:
        if chance.random() < ASKS:
            course = _course(chance, moment(chance, person.joined, until - HOUR), until)
            number = store.number(Case)
            _open(store, chance, town, person, number, course)
            _tell(store, chance, town, person, number, course, until)
            store.settle(BATCH)
    store.settle()


def _course(chance: Random, opened: int, until: int) -> Course:
    kind = CaseKind.COMPLAINT if chance.random() < COMPLAINS else CaseKind.QUESTION
    written = [opened]
    for _turn in range(3 if chance.random() < ASKS_ON else 1):
        written.append(written[-1] + chance.randint(2 * HOUR, 40 * HOUR))
    solved = written[-1] + chance.randint(HOUR, 4 * DAY)
    is_solved = solved < until and chance.random() < IS_SOLVED
    return Course(kind, [when for when in written if when < until], solved if is_solved else None)


def _open(store: Store, chance: Random, town: Town, person: Person, number: int, course: Course) -> None:
    """The case and all that was said in it."""
    subject, words = WORDS[course.kind]
    answered = at(course.written[1]) if len(course.written) > 1 else None
    store.add(
        Case,
        id=number,
        site=town.site,
        kind=course.kind,
        state=course.state,
        subject=say(chance, town.site.language, subject),
        member_id=person.id,
        email=queries.address_of(person.username),
        name=person.name,
        opened_at=at(course.written[0]),
        due_at=due_at(course.kind, at(course.asked)),
        answered_at=answered,
        solved_at=at(course.solved) if course.solved else None,
        changed_at=at(course.solved or course.written[-1]),
    )
    for turn, when in enumerate(course.written):
        is_ours = turn % 2 == 1
        body = " ".join(say(chance, town.site.language, "service" if is_ours else words) for _sentence in range(2))
        said = {"body": body, "body_html": to_safe_html(body), "author_id": None if is_ours else person.id}
        store.add(CaseMessage, case_id=number, number=turn + 1, is_ours=is_ours, at=at(when), **said)


def _tell(store: Store, chance: Random, town: Town, person: Person, number: int, course: Course, until: int) -> None:
    """What the record and the bell hold of it, and the complaint that is still open."""
    key = f"case:{number}"
    store.tell(course.written[0], town.site, person, Verb.CASE_OPENED, key, kind=course.kind)
    for turn, when in enumerate(course.written[1::2], 1):
        store.tell(when, town.site, person, Verb.CASE_ANSWERED, key, kind=course.kind)
        if when > until - NOTICED:
            told = {"key": f"{key}:{2 * turn}", "kind": NoticeKind.CASE, "path": f"/account/cases/{number}"}
            store.notify(person, when, read_at(chance, when, until), **told)
    if course.solved is not None:
        store.tell(course.solved, town.site, person, Verb.CASE_SOLVED, key, kind=course.kind)
    elif course.kind is CaseKind.COMPLAINT:
        person.standing["complaint_count"] = person.standing.get("complaint_count", 0) + 1
