"""How a member stands to things, who is named in a text, and what is typed and not saved."""

from functools import lru_cache
from typing import Any

from sqlalchemy import Select, Text, bindparam, cast, false, or_, select

from community.core.asking import rows_of
from community.core.db import db
from community.core.text import names_in
from community.items.models import (
    FOLLOWED,
    Draft,
    Follow,
    Followed,
    Item,
    KeptText,
    Stance,
    item_tags,
)
from community.members.models import Member
from community.members.queries import digest_of, members_named

MOST_NAMED = 20  # so many people can be named in one text


def drafts_naming(username: str) -> list[Draft]:
    """Drafts that hold `@name`."""
    return list(db.session.scalars(select(Draft).where(cast(Draft.fields, Text).contains(f"@{username}"))))


def follow(member: Any, thing: Followed) -> Follow | None:
    """The row that says how a member stands to a thing."""
    query = select(Follow).where(Follow.member_id == member.id, follow_column(thing) == thing.id)
    return db.session.scalar(query)


def follow_column(thing: Followed) -> Any:
    """The column of `Follow` that names such a thing."""
    return next(column for kind, column in FOLLOWED.items() if isinstance(thing, kind))


def stance_to(reader: Any, thing: Followed) -> str:
    """Whether a reader follows, mutes or blocks a thing; empty for none of these."""
    if not reader.is_member:
        return ""
    query = _stance_by(follow_column(thing))
    return rows_of(query, {"reader_id": reader.id, "thing_id": thing.id}).scalar() or ""


@lru_cache
def _stance_by(column: Any) -> Select[str]:
    return select(Follow.stance).where(Follow.member_id == bindparam("reader_id"), column == bindparam("thing_id"))


def refusers(person_id: int | None, item: Item | None) -> Select[Any]:
    """The ids of members who want to hear nothing of this person (a pseudonym's writer is None: whoever misses
    a notice must not learn who wrote) or about this item, its collection, its theme or its tags."""
    conditions: list[Any] = [Follow.person_id == person_id] if person_id else []
    if item is not None:
        tags = select(item_tags.c.tag_id).where(item_tags.c.item_id == item.id)
        conditions += [Follow.item_id == item.id, Follow.tag_id.in_(tags)]
        conditions += [Follow.collection_id == item.collection_id] if item.collection_id else []
        conditions += [Follow.tag_id == item.theme_id] if item.theme_id else []
    return select(Follow.member_id).where(Follow.stance != Stance.FOLLOW, or_(false(), *conditions))


def blocked_by(person_id: int | None) -> Select[Any]:
    """The ids of people whom somebody blocked: they are not told what that person does."""
    return select(Follow.person_id).where(
        Follow.member_id == person_id, Follow.stance == Stance.BLOCK, Follow.person_id.is_not(None)
    )


def mentioned_in(body: str) -> list[Member]:
    """The members whom a text names, outside quotes and code."""
    return members_named(names_in(body, quoted=False)[:MOST_NAMED])


def people_in(body: str) -> dict[str, str]:
    """Where the names lead that a text holds: username -> path."""
    return {person.username or "": person.path for person in members_named(names_in(body)[:MOST_NAMED])}


def are_there(member_id: int, item_id: int) -> bool:
    """Whether both are still stored: what is kept after the answer may come too late."""
    return db.session.scalar(select(Item.id).join(Member, Member.id == member_id).where(Item.id == item_id)) is not None


def draft(member_id: int, about: str) -> Draft | None:
    """What a member typed about something and has not saved."""
    return db.session.scalar(select(Draft).where(Draft.member_id == member_id, Draft.about == about))


def kept_text(token: str, about: str) -> KeptText | None:
    """What a stranger wrote about a place or a thing, for whoever has its token."""
    return db.session.scalar(select(KeptText).where(KeptText.digest == digest_of(token), KeptText.about == about))


def drafts_of(member_id: int, kind: str) -> list[Draft]:
    """All that a member typed about things of a kind and has not saved, latest first."""
    query = select(Draft).where(Draft.member_id == member_id, Draft.about.startswith(f"{kind}:"))
    return list(db.session.scalars(query.order_by(Draft.kept_at.desc())))
