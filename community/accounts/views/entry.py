"""The way in for who proved a password or an address: at once, or past the second step."""

from datetime import timedelta
from secrets import token_hex

from flask import g, session

from community.accounts import actions
from community.core import clock
from community.core.db import read_anew
from community.members import actions as members
from community.members import queries, second_step
from community.members import views as sessions
from community.members.models import Member

WAITING = "waiting"  # in the session: who typed the right password, when, the password's digest, and where to go
OPEN_FOR = timedelta(minutes=10)
FORMS = "csrf_token"  # what Flask-WTF knows a session's forms by: given at once, so that two first pages share it


def way_in(member: Member, next_path: str) -> str:
    """In the deed's commit: begin a session and go on, or stand at the second step first."""
    read_anew(member)
    if not second_step.is_asked_of(member):
        enter(member)
        return next_path or home_of(member)
    session[WAITING] = (member.id, clock.real_now().timestamp(), _mark_of(member), next_path)
    return f"/sign-in/{'code' if queries.second_step_of(member) else 'second-step'}?site={g.site}"


def waiting() -> tuple[Member, str] | None:
    """Who stands at the second step in this browser, and where they want to go."""
    member_id, at, mark, next_path = session.get(WAITING, (0, 0.0, "", ""))
    member = queries.member_by_id(member_id)
    is_open = clock.real_now().timestamp() - at < OPEN_FOR.total_seconds()
    if member is None or not is_open or not member.is_active or mark != _mark_of(member):
        return None
    return member, next_path or home_of(member)


def enter(member: Member) -> None:
    """Begin a new session in the deed's commit; the one before ends, and a visitor's reading comes along."""
    visitor = sessions.visitor_of_request()
    if session.get("_user_id"):
        members.end_session(session["_user_id"])
    session.clear()
    session.permanent = True
    session[FORMS] = token_hex(20)
    sessions.sign_in(member)
    actions.join_visitor(visitor, member)


def home_of(member: Member) -> str:
    """A member's own page."""
    return f"{member.site.path}home"


def _mark_of(member: Member) -> str:
    """A password that was changed meanwhile opens nothing."""
    return queries.digest_of(member.password_hash)[:16]
