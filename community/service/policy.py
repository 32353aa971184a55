"""Who may read and answer a case, and when an answer is due."""

from datetime import datetime, timedelta
from typing import Any

from community.core.permissions import Permission
from community.service.models import Case, CaseKind, CaseState
from community.sites.models import SITES, Site

ANSWER_WITHIN = {CaseKind.QUESTION: timedelta(days=2), CaseKind.COMPLAINT: timedelta(days=1)}


def due_at(kind: CaseKind, since: datetime) -> datetime:
    """By when somebody who wrote at this moment has an answer."""
    return since + ANSWER_WITHIN[kind]


def may_read(reader: Any, case: Case) -> bool:
    """Who asked, and the agents of its site."""
    return (bool(reader.is_member) and case.member_id == reader.id) or may_answer(reader, case)


def may_answer(reader: Any, case: Case) -> bool:
    """Agents of its site; nobody answers themselves."""
    return bool(reader.can(Permission.CASE_ANSWER, case.site)) and case.member_id != reader.id


def sites_of(agent: Any) -> list[Site]:
    """The sites whose cases an agent answers."""
    return [site for site in SITES.values() if agent.can(Permission.CASE_ANSWER, site)]


def is_overdue(case: Case, now: datetime) -> bool:
    """Whether somebody waits for longer than we promised."""
    return case.state == CaseState.OPEN and case.due_at < now
