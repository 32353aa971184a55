"""Reads of cases."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import joinedload

from community.core.db import db
from community.members.models import Member
from community.moderation.policy import Thing
from community.moderation.queries.things import thing
from community.service.models import Case, CaseKind, CaseMessage, CaseState
from community.shop.models import Order
from community.sites.models import Site


class Show(StrEnum):
    """Which cases an agent looks at."""

    WAITING = ""
    MINE = "mine"
    NOBODYS = "nobodys"
    ANSWERED = "answered"
    SOLVED = "solved"


def case_by_id(case_id: int) -> Case | None:
    """One case with who asked and who answers."""
    query = select(Case).where(Case.id == case_id).options(joinedload(Case.member), joinedload(Case.owner))
    return db.session.scalar(query)


def messages_of(case: Case, with_notes: bool) -> list[CaseMessage]:
    """What was said, the oldest first; notes are for the staff alone."""
    query = select(CaseMessage).where(CaseMessage.case_id == case.id).options(joinedload(CaseMessage.author))
    if not with_notes:
        query = query.where(CaseMessage.is_note.is_(False))
    return list(db.session.scalars(query.order_by(CaseMessage.number)))


def last_number(case: Case) -> int:
    """The number of the newest message."""
    return db.session.scalar(select(func.max(CaseMessage.number)).where(CaseMessage.case_id == case.id)) or 0


def message_of_mail(mail_key: str) -> CaseMessage | None:
    """What a mail that came in became."""
    return db.session.scalar(select(CaseMessage).where(CaseMessage.mail_key == mail_key))


def cases_of(member: Member, before: int | None, limit: int) -> list[Case]:
    """A member's own cases, the newest first."""
    query = select(Case).where(Case.member_id == member.id).order_by(Case.id.desc()).limit(limit)
    return list(db.session.scalars(query.where(Case.id < before) if before else query))


def open_complaints_of(member_id: int) -> int:
    """How many complaints of a member are not solved."""
    unsolved = Case.kind == CaseKind.COMPLAINT, Case.state != CaseState.SOLVED
    return db.session.scalar(select(func.count()).select_from(Case).where(Case.member_id == member_id, *unsolved)) or 0


def waiting_count(sites: Sequence[Site], agent: Member, show: Show) -> int:
    """How many cases such a list holds."""
    return db.session.scalar(select(func.count()).select_from(Case).where(_shown(sites, agent, show))) or 0


def cases_page(sites: Sequence[Site], agent: Member, show: Show, offset: int, limit: int) -> list[Case]:
    """Cases for an agent with who asked: what is due first on top; what is solved, the newest first."""
    query = select(Case).where(_shown(sites, agent, show)).options(joinedload(Case.member), joinedload(Case.owner))
    order = (Case.id.desc(),) if show is Show.SOLVED else (Case.due_at, Case.id)
    return list(db.session.scalars(query.order_by(*order).offset(offset).limit(limit)))


def overdue_count(sites: Sequence[Site], now: datetime) -> int:
    """How many people wait for longer than we promised."""
    late = Case.site.in_(sites), Case.state == CaseState.OPEN, Case.due_at < now
    return db.session.scalar(select(func.count()).select_from(Case).where(*late)) or 0


def thing_of(about: str | None) -> Order | Thing | None:
    """What a case is about, by its key: an order, or whatever can be reported."""
    kind, _colon, number = (about or "").partition(":")
    if not number.isdecimal() or len(number) > 9:
        return None
    if kind == "order":
        return db.session.scalar(select(Order).where(Order.id == int(number)).options(joinedload(Order.customer)))
    return thing(kind, int(number))


def _shown(sites: Sequence[Site], agent: Member, show: Show) -> ColumnElement[bool]:
    is_of_site = Case.site.in_(sites)
    if show in (Show.ANSWERED, Show.SOLVED):
        return and_(is_of_site, Case.state == show.value)
    is_open = and_(is_of_site, Case.state == CaseState.OPEN)
    if show is Show.MINE:
        return and_(is_open, Case.owner_id == agent.id)
    return and_(is_open, Case.owner_id.is_(None)) if show is Show.NOBODYS else is_open
