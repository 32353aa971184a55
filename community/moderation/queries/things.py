"""What can be reported and decided about: a post, an item of any kind, a member."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from community.core.db import db
from community.items.models import Item, Post, State
from community.items.queries import item_by_key, post_by_id
from community.members.models import Member
from community.members.queries import member_by_id
from community.moderation.models import Concern, Decision
from community.moderation.policy import Said, Thing
from community.sites.models import Site


@dataclass(frozen=True)
class Keeper:
    """How a room above lets moderators see what was said in it, and takes their word. By ids: one statement each."""

    said: Callable[[Collection[int]], Mapping[int, Said]]
    talk_around: Callable[[Collection[int]], Mapping[int, Sequence[Said]]]
    set_state: Callable[[Any, State], None]
    live_of: Callable[[Member, Sequence[Site]], Sequence[Said]]


def thing(kind: str, number: int) -> Thing | None:
    """The thing of a key such as `post:77`. An item that is its first post's own words is that post."""
    if kind in KEEPERS:
        return KEEPERS[kind].said([number]).get(number)
    if kind in KINDS:
        return KINDS[kind](number)
    item = item_by_key(f"{kind}:{number}")
    return first_post(item) if item is not None and item.opens_with_post else item


def thing_of(about: Concern | Decision) -> Thing | None:
    """What a concern or a decision is about, with all that deciding needs."""
    kind, _colon, number = about.about.partition(":")
    return thing(kind, int(number))


def first_post(item: Item) -> Post | None:
    """The post that an item opens with, with its author, pseudonym and item."""
    query = select(Post).where(Post.item_id == item.id, Post.number == 1)
    query = query.options(joinedload(Post.author), joinedload(Post.pseudonym), joinedload(Post.item))
    return db.session.scalar(query)


def said_in(abouts: Iterable[Concern | Decision]) -> dict[str, Said]:
    """By key, what these are about of all that rooms above keep."""
    return {said.key: said for kind, numbers in _numbers(abouts) for said in KEEPERS[kind].said(numbers).values()}


def talk_around(abouts: Iterable[Concern | Decision]) -> dict[str, Sequence[Said]]:
    """By key, what was said in the same room just before and after, itself among it."""
    return {
        f"{kind}:{number}": talk
        for kind, numbers in _numbers(abouts)
        for number, talk in KEEPERS[kind].talk_around(numbers).items()
    }


def live_said_by(person: Member, sites: Sequence[Site]) -> list[Said]:
    """What stands under a person's name in rooms above, on these sites."""
    return [said for keeper in KEEPERS.values() for said in keeper.live_of(person, sites)]


def hidden_said(keys: Iterable[str]) -> list[Said]:
    """Those of these that are hidden still."""
    found = (thing(kind, int(number)) for kind, _colon, number in (key.partition(":") for key in keys))
    return [said for said in found if isinstance(said, Said) and said.state == State.HIDDEN]


def _numbers(abouts: Iterable[Concern | Decision]) -> list[tuple[str, list[int]]]:
    keys = [one.about.partition(":") for one in abouts]
    found = [(kind, [int(number) for of, _colon, number in keys if of == kind]) for kind in KEEPERS]
    return [(kind, numbers) for kind, numbers in found if numbers]


KEEPERS: dict[str, Keeper] = {}  # by the kind of what they keep; handed over in `app.py`
KINDS: dict[str, Callable[[int], Thing | None]] = {"post": post_by_id, "member": member_by_id}
