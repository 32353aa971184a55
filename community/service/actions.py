"""A case from its first words to its end: opened, answered, noted, solved, opened again."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from community.core import audit, clock
from community.core.db import alone, db
from community.core.refused import Refused
from community.core.text import to_safe_html
from community.members.models import Member, Visitor
from community.messages.actions import mails, notices
from community.messages.models import MailClass, NoticeKind
from community.profiles import actions as profiles
from community.service import policy, queries
from community.service.incoming import LINE, mark_of
from community.service.models import Case, CaseKind, CaseMessage, CaseState
from community.sites.models import Site
from community.touchpoints.actions import record
from community.touchpoints.models import Verb


@dataclass(frozen=True)
class Asker:
    """Who writes to us: a member, or somebody with a name and an address."""

    member: Member | None
    name: str
    email: str


def open_case(site: Site, asker: Asker, kind: CaseKind, subject: str, body: str, about: str | None = None) -> Case:
    """A new case with its first words; a mail tells its number and leads back to it."""
    now = clock.now()
    case = Case(
        site=site,
        kind=kind,
        subject=subject,
        about=about,
        member=asker.member,
        member_id=asker.member.id if asker.member else None,
        email=asker.email.lower(),
        name=asker.name,
        opened_at=now,
        changed_at=now,
        due_at=policy.due_at(kind, now),
    )
    db.session.add(case)
    db.session.flush()
    _say(case, asker.member, body)
    if asker.member:
        record(asker.member, Verb.CASE_OPENED, case, kind=kind)
        _count_complaints(asker.member.id)
    _mail(case, "case-opened", body)
    return case


def write_on(case: Case, author: Member | None, body: str, mail_key: str | None = None) -> CaseMessage:
    """Who asked says more; a case that was answered or solved is ours again, due anew."""
    said = _say(case, author, body, mail_key=mail_key)
    if case.state != CaseState.OPEN:
        case.due_at = policy.due_at(CaseKind(case.kind), clock.now())
    _move(case, CaseState.OPEN)
    return said


def answer(case: Case, agent: Member, body: str, is_solved: bool = False) -> CaseMessage:
    """We answer: on the page and by mail; the agent owns the case from now on."""
    said = _say(case, agent, body, is_ours=True)
    case.owner_id, case.answered_at = agent.id, case.answered_at or clock.now()
    _move(case, CaseState.SOLVED if is_solved else CaseState.ANSWERED)
    if case.member:
        record(case.member, Verb.CASE_ANSWERED, case, kind=case.kind)
        notices.tell(case.member, NoticeKind.CASE, f"case:{case.id}:{said.number}", path=case.path)
    _mail(case, "case-answered", body)
    return said


def note(case: Case, agent: Member, body: str) -> CaseMessage:
    """A word for colleagues alone."""
    return _say(case, agent, body, is_ours=True, is_note=True)


def take(case: Case, agent: Member) -> None:
    """Answer for a case."""
    case.owner_id = agent.id
    audit.keep("case.taken", case.key, agent.id)


def solve(case: Case, by: Member | None) -> None:
    """It is done, for who asked or for us."""
    if case.state == CaseState.SOLVED:
        raise Refused(_("This was solved already."))
    _move(case, CaseState.SOLVED)
    audit.keep("case.solved", case.key, by.id if by else None)


def _move(case: Case, state: CaseState) -> None:
    """Whose turn it is from now on; promotions wait while a complaint is open."""
    was_solved, case.state, case.changed_at = case.state == CaseState.SOLVED, state, clock.now()
    case.solved_at = clock.now() if state == CaseState.SOLVED else None
    if case.member:
        if state == CaseState.SOLVED and not was_solved:
            record(case.member, Verb.CASE_SOLVED, case, kind=case.kind)
        _count_complaints(case.member.id)


def _say(
    case: Case,
    author: Member | None,
    body: str,
    is_ours: bool = False,
    is_note: bool = False,
    mail_key: str | None = None,
) -> CaseMessage:
    alone(case.key)  # numbers follow each other
    said = CaseMessage(
        case_id=case.id,
        number=queries.last_number(case) + 1,
        author_id=author.id if author else None,
        is_ours=is_ours,
        is_note=is_note,
        body=body,
        body_html=to_safe_html(body),
        mail_key=mail_key,
        at=clock.now(),
    )
    db.session.add(said)
    case.changed_at = clock.now()
    db.session.flush()
    return said


def _count_complaints(member_id: int) -> None:
    db.session.flush()
    profiles.standing_of(member_id).complaint_count = queries.open_complaints_of(member_id)


def _mail(case: Case, name: str, words: str) -> None:
    told: dict[str, Any] = {"number": case.number, "subject": case.subject, "words": words, "path": case.path}
    told |= {"due_at": case.due_at, "mark": mark_of(case.id, case.seal), "line": LINE}
    if case.member:
        mails.send_later(case.member, name, MailClass.SERVICE, **told)
    else:
        mails.answer_later(case.email, name, Visitor(name=case.name, site=case.site), **told)
