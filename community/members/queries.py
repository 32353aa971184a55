"""Reads of members, sessions and tokens."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import joinedload

from community.core.db import db, send
from community.core.permissions import Role
from community.core.text import skeleton
from community.members.models import ConsentGiven, DataUse, Member, MemberState, SecondStep, SignIn, Token, TokenUse

_SIGNED_IN = select(Member, SignIn.began_at).join(SignIn.member).where(SignIn.digest == bindparam("digest"))
_HAS_STEP = select(SecondStep.member_id).where(SecondStep.member_id == bindparam("member_id"))
_BY_EMAIL = select(Member).where(Member.email == bindparam("email"))


def digest_of(token: str) -> str:
    """How a token is stored."""
    return hashlib.sha256(token.encode()).hexdigest()


def signed_in(token: str) -> tuple[Member, datetime] | None:
    """Whose session a cookie's token is, and when it began: one statement."""
    return db.session.execute(_SIGNED_IN, {"digest": digest_of(token)}).one_or_none()


def member_by_email(email: str) -> Member | None:
    """The member with this confirmed or unconfirmed address."""
    return db.session.scalar(_BY_EMAIL, {"email": email.strip().lower()})


def member_by_id(member_id: int) -> Member | None:
    """A member."""
    return db.session.get(Member, member_id)


def member_by_username(username: str) -> Member | None:
    """The member of a public profile."""
    query = select(Member).where(Member.username == username, Member.state == MemberState.ACTIVE)
    return db.session.scalar(query)


def members_named(usernames: Sequence[str]) -> list[Member]:
    """Those of these usernames who can be met: one statement, none without a name."""
    if not usernames:
        return []
    query = select(Member).where(Member.username.in_(usernames), Member.state == MemberState.ACTIVE)
    return list(db.session.scalars(query.order_by(Member.id)))


def is_name_taken(name: str, except_id: int | None = None) -> bool:
    """Whether somebody has this name or one that looks like it."""
    query = select(Member.id).where(Member.name_skeleton == skeleton(name), Member.id != (except_id or 0))
    return db.session.scalar(query) is not None


def is_username_taken(username: str) -> bool:
    """Whether a public profile stands at this name."""
    return db.session.scalar(select(Member.id).where(Member.username == username)) is not None


def live_token(token: str, use: TokenUse, now: datetime) -> Token | None:
    """A mailed token that still gives its right, with its member."""
    query = select(Token).where(Token.digest == digest_of(token), Token.use == use, Token.until > now)
    return db.session.scalar(query.options(joinedload(Token.member)))


def sign_ins_of(member: Member) -> list[SignIn]:
    """A member's sessions, the last used first."""
    return list(db.session.scalars(select(SignIn).where(SignIn.member_id == member.id).order_by(SignIn.seen_at.desc())))


def second_step_of(member: Member, is_to_change: bool = False) -> SecondStep | None:
    """The second step of a member who has one; nobody else's deed comes between a look and its change."""
    return db.session.get(SecondStep, member.id, with_for_update=is_to_change or None)


def has_second_step(member: Member) -> bool:
    """Whether a member has one: all that most who sign in are asked for."""
    return send(_HAS_STEP, {"member_id": member.id}).first() is not None


def uses_in(member: Member, month: str) -> dict[str, int]:
    """How often a member's data were put to each use in a month."""
    query = select(DataUse.use, DataUse.times).where(DataUse.member_id == member.id, DataUse.month == month)
    return {row.use: row.times for row in db.session.execute(query)}


def consents_of(member: Member) -> list[ConsentGiven]:
    """A member's ledger, newest first."""
    query = select(ConsentGiven).where(ConsentGiven.member_id == member.id).order_by(ConsentGiven.id.desc())
    return list(db.session.scalars(query))


def members_page(words: str, before: int | None, limit: int) -> list[Member]:
    """Members for the administrator, newest first, found by name or address."""
    query = select(Member).order_by(Member.id.desc()).limit(limit)
    if words:
        like = func.lower(Member.name).contains(words.lower(), autoescape=True)
        query = query.where(or_(like, Member.email.contains(words.lower(), autoescape=True)))
    if before:
        query = query.where(Member.id < before)
    return list(db.session.scalars(query))


def never_confirmed(moment: datetime) -> list[Member]:
    """Members who registered before this moment and never confirmed their address."""
    query = select(Member).where(Member.state == MemberState.UNCONFIRMED, Member.joined_at < moment)
    return list(db.session.scalars(query))


def not_erased_of(member_ids: Iterable[int]) -> list[Member]:
    """Those of these members who are still persons."""
    query = select(Member).where(Member.id.in_(list(member_ids)), Member.state != MemberState.ERASED)
    return list(db.session.scalars(query))


def is_last_admin(member: Member) -> bool:
    """Whether nobody else is an administrator."""
    admins = [person.id for person in staff() if any(held.role == Role.ADMIN for held in person.roles)]
    return admins == [member.id]


def staff() -> list[Member]:
    """Everybody who holds a role."""
    return list(db.session.scalars(select(Member).where(func.json_array_length(Member.role_names) > 0)))
