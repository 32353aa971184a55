"""Ambassadors: who takes part in the programme, and who came by their codes. Points follow by themselves."""

from bisect import bisect_right
from random import Random

from community.ambassadors.actions.programme import LENGTH, LETTERS, WORDS
from community.ambassadors.models import Ambassador, Referral, ReferralState
from community.ambassadors.policy import Doubt, Tier, is_same_person, state_under
from community.members.models import Member
from community.simulation import queries
from community.simulation.actions.store import Store
from community.simulation.world import DAY, HOUR, Person, Town, at
from community.touchpoints.models import Verb

JOINS, LEAVES, ON_BOARD = 0.04, 0.05, 0.4
JOINS_AFTER = 60 * DAY  # on average
FRIENDS = 2  # on average
DOUBTS: dict[Doubt | None, float] = {None: 0.9, Doubt.HOUSEHOLD: 0.06, Doubt.BROWSER: 0.04}
CONFIRMED = HOUR // 4  # after registering


def take_part(store: Store, chance: Random, town: Town, until: int) -> None:
    """Who of a site is an ambassador, and which friends they brought."""
    codes = queries.taken(Ambassador.code)
    friends: set[Person] = set()
    for person in town.people:
        if person.joined < until - 3 * DAY and chance.random() < JOINS:
            since = min(until - 2 * DAY, person.joined + HOUR + int(chance.expovariate(1 / JOINS_AFTER)))
            _join(store, chance, town, person, since, until, _code(chance, codes))
            _bring(store, chance, town, person, since, friends)
    store.settle()


def _join(store: Store, chance: Random, town: Town, person: Person, since: int, until: int, code: str) -> None:
    left = until - DAY if chance.random() < LEAVES else None
    told = {"code": code, "joined_at": at(since), "left_at": at(left) if left else None}
    store.add(Ambassador, member_id=person.id, is_on_board=left is None and chance.random() < ON_BOARD, **told)
    store.tell(since, town.site, person, Verb.AMBASSADOR_JOINED, None)
    if left:
        store.tell(left, town.site, person, Verb.AMBASSADOR_LEFT, None)
    person.standing["tier"] = "" if left else Tier.FRIEND


def _bring(store: Store, chance: Random, town: Town, person: Person, since: int, friends: set[Person]) -> None:
    """Some of those who registered after that came by this code; nobody comes twice."""
    newer = town.people[bisect_right(town.people, since, key=lambda one: one.joined) :]
    for _friend in range(1 + int(chance.expovariate(1 / FRIENDS)) if newer else 0):
        friend = chance.choice(newer)
        if friend not in friends:
            friends.add(friend)
            _count(store, chance, town, person, friend)


def _count(store: Store, chance: Random, town: Town, person: Person, friend: Person) -> None:
    """What became of a friend, who confirmed the address soon after."""
    number, confirmed = store.number(Referral), friend.joined + CONFIRMED
    doubt = Doubt.SELF if _is_same(person, friend) else chance.choices(list(DOUBTS), list(DOUBTS.values()))[0]
    state, moments = state_under(doubt), {"came_at": at(friend.joined), "decided_at": at(confirmed)}
    people = {"ambassador_id": person.id, "friend_id": friend.id}
    store.add(Referral, id=number, state=state, why=doubt or "", **people, **moments)
    if state == ReferralState.COUNTED:
        store.tell(confirmed, town.site, person, Verb.FRIEND_CAME, f"member:{friend.id}", referral_id=number)
        person.standing["friend_count"] = person.standing.get("friend_count", 0) + 1


def _is_same(one: Person, other: Person) -> bool:
    known = [Member(name=person.name, email=queries.address_of(person.username)) for person in (one, other)]
    return is_same_person(*known)


def _code(chance: Random, codes: set[str]) -> str:
    """As the programme makes them, but the same from the same seed."""
    code = ""
    while not code or code in codes:
        code = f"{chance.choice(WORDS)}-{''.join(chance.choices(LETTERS, k=LENGTH))}"
    codes.add(code)
    return code
