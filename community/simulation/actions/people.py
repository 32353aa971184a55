"""Members and visitors: when they came, what they agreed to, where their children are, which club they joined."""

from datetime import date
from random import Random
from typing import Any

from community.core.text import skeleton, slug_of
from community.groups.models import Membership
from community.members.actions import WORDS_VERSION
from community.members.models import ConsentGiven, Member, MemberState, Purpose
from community.profiles.models import Audience, Child, ChildKind, Interest, Profile
from community.simulation import queries
from community.simulation.actions.places import club_of
from community.simulation.actions.store import Store
from community.simulation.texts import say, words
from community.simulation.world import DAY, HOUR, SPAN, Person, Town, at, moment
from community.touchpoints.models import LETTERS, Verb

SHARES = {Purpose.PERSONALISATION: 0.7, Purpose.ANALYTICS: 0.6, Purpose.MAIL: 0.45, Purpose.OFFERS: 0.25}
MOST_ACTIVE = 400  # times what the quietest does
CHILDLESS, PREGNANT, IN_A_CLUB, STOPPED, SECOND_CHILD, BORN_EARLY = 0.08, 0.55, 0.6, 0.02, 0.2, 0.06


class Names:
    """Names that nobody has yet."""

    def __init__(self) -> None:
        self.taken = queries.taken(Member.name_skeleton)
        self.addresses = queries.taken(Member.username)

    def new(self, chance: Random, language: str) -> tuple[str, str, str]:
        """A name, its skeleton and its address."""
        lists = words(language)
        wanted = f"{chance.choice(lists['first'])} {chance.choice(lists['last'])}"
        name, number = wanted, 1
        while (like := skeleton(name)) in self.taken or slug_of(name)[:40] in self.addresses:
            number += chance.randint(1, 9)
            name = f"{wanted} {number}"
        address = slug_of(name)[:40]
        self.taken.add(like)
        self.addresses.add(address)
        return name, like, address


def settle(store: Store, chance: Random, town: Town, count: int, until: int) -> None:
    """So many members of a site, in the order of their coming."""
    names, themes = Names(), queries.themes(town.site)
    for joined in sorted(moment(chance, until - SPAN, until - DAY) for _ in range(count)):
        person = _person(chance, joined)
        person.id = store.number(Member)
        person.interests = tuple(chance.sample(themes, min(len(themes), chance.choice((0, 1, 2, 2, 3)))))
        consents = [purpose for purpose, share in SHARES.items() if chance.random() < share]
        person.allows = "".join(LETTERS[purpose] for purpose in LETTERS if purpose in consents)
        stopped = joined + 20 * DAY if person.due and chance.random() < STOPPED and joined + 20 * DAY < until else None
        person.name, skeleton_of_it, person.username = names.new(chance, town.site.language)
        store.add(Member, **_member(person, town, skeleton_of_it, consents, stopped))
        _tell_more(store, chance, town, person, consents)
        if person.due is not None:
            _raise_child(store, chance, person, until, stopped)
            if stopped is None and chance.random() < IN_A_CLUB:
                _join_club(store, chance, town, person, until)
            elif stopped is not None:
                store.tell(stopped, town.site, person, Verb.PREGNANCY_CHANGED, f"member:{person.id}")
        town.people.append(person)
        store.settle(20_000)
    store.settle()


def visit(chance: Random, town: Town, count: int, until: int) -> None:
    """People who read without being members, and agreed to be known by a number."""
    for _ in range(count):
        person = _person(chance, moment(chance, until - SPAN, until - DAY))
        person.visitor_id, person.allows = f"{chance.getrandbits(128):032x}", chance.choice(("p", "pa", "pa"))
        person.weight = min(person.weight, 10)
        town.visitors.append(person)


def _person(chance: Random, joined: int) -> Person:
    due = None
    if chance.random() > CHILDLESS:
        stage = -chance.randint(10, 260) if chance.random() < PREGNANT else int(900 * chance.random() ** 1.6)
        due = joined - joined % DAY - stage * DAY
    return Person(None, None, joined, min(MOST_ACTIVE, chance.paretovariate(1.05)), due, seen=joined, visit_days=1)


def _member(
    person: Person, town: Town, skeleton_of_it: str, consents: list[Purpose], stopped: int | None
) -> dict[str, Any]:
    """A member to whom nobody can sign in: there is no password."""
    return {
        "id": person.id,
        "email": queries.address_of(person.username),
        "name": person.name,
        "name_skeleton": skeleton_of_it,
        "username": person.username,
        "state": MemberState.ACTIVE,
        "site": town.site,
        "joined_at": at(person.joined),
        "guarded_since": at(stopped) if stopped else None,
        **{purpose: purpose in consents for purpose in Purpose},
    }


def _tell_more(store: Store, chance: Random, town: Town, person: Person, consents: list[Purpose]) -> None:
    for purpose in consents:
        store.add(
            ConsentGiven,
            member_id=person.id,
            purpose=purpose,
            is_given=True,
            words_version=WORDS_VERSION,
            source="register",
            at=at(person.joined),
        )
    told = chance.random() < 0.4
    store.add(
        Profile,
        member_id=person.id,
        town=chance.choice(words(town.site.language)["town"]) if told else "",
        about=say(chance, town.site.language, "opening") if told and chance.random() < 0.3 else "",
        visible_to={"about": Audience.PUBLIC, "town": Audience.MEMBERS} if told else {},
    )
    for theme_id in person.interests:
        store.add(Interest, member_id=person.id, tag_id=theme_id, created_at=at(person.joined))
    store.tell(person.joined, town.site, person, Verb.MEMBER_REGISTERED, f"member:{person.id}", source="register")
    store.tell(person.joined + HOUR // 4, town.site, person, Verb.MEMBER_CONFIRMED, f"member:{person.id}")


def _raise_child(store: Store, chance: Random, person: Person, until: int, stopped: int | None) -> None:
    assert person.due is not None
    early = chance.randint(2, 8) if chance.random() < BORN_EARLY else 0
    _add_child(store, person, person.due, early, until, stopped)
    if chance.random() < SECOND_CHILD:
        _add_child(store, person, person.due - chance.randint(600, 1800) * DAY, 0, until, None)


def _add_child(store: Store, person: Person, due: int, early: int, until: int, stopped: int | None) -> None:
    is_born = due - 7 * early * DAY <= until and stopped is None
    store.add(
        Child,
        member_id=person.id,
        kind=ChildKind.CHILD if is_born else ChildKind.PREGNANCY,
        due_on=None if is_born else at(due).date(),
        born_on=at(due - 7 * early * DAY).date() if is_born else None,
        weeks_early=early if is_born else 0,
        stopped_at=at(stopped) if stopped else None,
        created_at=at(person.joined),
    )


def _join_club(store: Store, chance: Random, town: Town, person: Person, until: int) -> None:
    joined = min(until, person.joined + chance.randint(HOUR, 20 * DAY))
    club = club_of(store, town, _month(person), joined)
    person.club = club
    club.people.append(person)
    store.add(Membership, group_id=club.group_id, member_id=person.id, joined_at=at(joined))
    store.follow(person, joined, collection_id=club.id)
    store.tell(joined, town.site, person, Verb.CLUB_JOINED, f"club:{club.group_id}")


def _month(person: Person) -> str:
    due: date = at(person.due or 0).date()
    return f"{due:%Y-%m}"
