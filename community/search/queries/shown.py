"""What a reader asks with, and what of an answer may be shown to them."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, literal, or_, select, union_all

from community.core.asking import numbers, rows_of
from community.core.db import db
from community.items.models import Collection, Follow, Item, Post, Tag
from community.items.queries import (
    IS_LIVE_POST,
    REFUSES,
    Guard,
    Rows,
    anybody,
    as_cards,
    as_values,
    listed,
    offered,
    refused,
)
from community.members.models import Member, MemberState
from community.search.documents import Hit, Question
from community.sites.models import Site

_AVOIDED = select(Follow.item_id, Follow.collection_id, Follow.person_id, Follow.tag_id)
_AVOIDED = _AVOIDED.where(Follow.member_id == bindparam("member_id"), REFUSES)
_TAGS = select(literal("tag"), Tag.id, Tag.name).where(Tag.id.in_(numbers("tag")), Tag.is_theme.is_(True))
_BOARDS = select(literal("in"), Collection.id, Collection.title).where(Collection.id.in_(numbers("in")))
_NAMED = _TAGS.union_all(_BOARDS)


def question_of(site: Site, reader: Any, guard: Guard | None, **asked: Any) -> Question:
    """What a reader asks, with what they may see and do not want to: one statement for a member."""
    sees = {"public"}
    if reader.is_member:
        sees |= {"members", f"me-{reader.id}"}
        sees |= set() if guard else {f"club-{club}" for club in reader.group_ids}
    days = None if guard is None else tuple((day.corrected, day.calendar) for day in guard.days)
    avoids = _avoided_by(reader) if reader.is_member else frozenset()
    return Question(site.code, site.language, sees=frozenset(sees), avoids=avoids, days=days, **asked)


def still_shown(hits: Sequence[Hit], reader: Any, guard: Guard | None) -> set[str]:
    """The keys of those of these hits that this reader may see at this moment: one statement."""
    by_kind: dict[str, list[int]] = {"item": [], "post": [], "member": []}
    for hit in hits:
        by_kind[hit.key.partition(":")[0]].append(hit.id)
    if not hits:
        return set()
    rows = rows_of(_still_shown(reader.is_member, guard), {**as_values(reader), **by_kind})
    return {f"{kind}:{number}" for kind, number in rows}


def promoted(item_ids: Sequence[int], site: Site, reader: Any, guard: Guard | None) -> list[Item]:
    """Those of these items that this reader may see and wants to, as cards, in this order."""
    rows = offered(as_cards(select(Item).where(Item.id.in_(item_ids), Item.site == site)), reader, guard)
    return sorted(db.session.scalars(rows), key=lambda item: item_ids.index(item.id)) if item_ids else []


def offered_items(item_ids: Sequence[int], reader: Any, guard: Guard | None) -> list[Item]:
    """Those of these items that may be shown to a reader who did not ask for them, in this order: of no club, and
    nothing from where it is quiet."""
    query = select(Item).where(Item.id.in_(item_ids), Item.is_quiet.is_(False), Item.group_id.is_(None))
    rows = db.session.scalars(offered(query, reader, guard)) if item_ids else ()
    return sorted(rows, key=lambda item: item_ids.index(item.id))


def named(marks: Iterable[str]) -> dict[str, str]:
    """How the themes and boards with these marks are called: one statement."""
    asked: dict[str, list[int]] = {"tag": [], "in": []}
    for mark in marks:
        if mark.startswith(("tag:", "in:")) and not mark.endswith(":None"):
            kind, _, number = mark.partition(":")
            asked[kind].append(int(number))
    return {f"{kind}:{number}": name for kind, number, name in rows_of(_NAMED, asked)}


@lru_cache
def _still_shown(is_member: bool, guard: Guard | None) -> Any:
    reader = anybody(is_member)
    items = select(literal("item"), Item.id).where(Item.id.in_(numbers("item")))
    posts = select(literal("post"), Post.id).join(Post.item)
    posts = posts.where(Post.id.in_(numbers("post")), IS_LIVE_POST)
    people = select(literal("member"), Member.id)
    people = people.where(Member.id.in_(numbers("member")), Member.state == MemberState.ACTIVE)
    return union_all(
        listed(items, reader, guard),
        listed(_not_by_refused(posts, Post.author_id, reader), reader, guard),
        _not_by_refused(people, Member.id, reader),
    )


def _not_by_refused(query: Rows, column: Any, reader: Any) -> Rows:
    if not reader.is_member:
        return query
    return query.where(or_(column.is_(None), column.not_in(refused(reader, Follow.person_id))))


def _avoided_by(member: Any) -> frozenset[str]:
    """The marks of what a member muted or blocked."""
    names = "item", "in", "by", "tag"
    rows = rows_of(_AVOIDED, {"member_id": member.id})
    return frozenset(f"{name}:{number}" for row in rows for name, number in zip(names, row, strict=True) if number)
