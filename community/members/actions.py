"""What can be done to an identity: register, confirm, sign in and out, reset, change, agree, erase."""

import secrets
from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import delete, update

from community.core import audit, clock
from community.core.db import db, insert_into, store, unit_of_work
from community.core.jobs import every, job
from community.core.permissions import Role
from community.core.refused import Refused
from community.core.text import display_name, skeleton, slug_of
from community.members import passwords, policy, queries
from community.members.ledger import Use
from community.members.models import (
    ConsentGiven,
    DataUse,
    Identity,
    Member,
    MemberState,
    Purpose,
    RoleHeld,
    SignIn,
    Token,
    TokenUse,
)
from community.sites.models import Site

WORDS_VERSION = "2026-11"  # of the consent texts; goes up when they change
USES_KEPT = timedelta(days=396)
TOKEN_LIFE = {
    TokenUse.CONFIRM: timedelta(days=7),
    TokenUse.RESET: timedelta(minutes=60),
    TokenUse.NEW_EMAIL: timedelta(days=2),
}
SESSION_LIFE = timedelta(days=90)


def register(identity: Identity) -> Member:
    """A new member, not yet confirmed. The address is known to be free."""
    name = display_name(identity.name)
    if queries.is_name_taken(name):
        raise Refused(_("Somebody here has this name already, or one that looks like it."), "name")
    member = Member(
        email=identity.email.strip().lower(),
        name=name,
        name_skeleton=skeleton(name),
        username=_free_username(name),
        password_hash=passwords.hashed(identity.password),
        site=identity.site,
        joined_at=clock.now(),
        role_names=[],
        withheld=[],
    )
    db.session.add(member)
    db.session.flush()
    for purpose in identity.consents:
        set_consent(member, purpose, True, source="register")
    return member


def check_identity(identity: Identity) -> None:
    """Refuse what can be known to be wrong without telling whether the address has an account."""
    if not policy.is_usable_name(identity.name):
        raise Refused(_("Choose a name of at least two letters, all of one alphabet."), "name")
    if policy.is_reserved(identity.name):
        raise Refused(_("This name is kept for the people who work here. Choose another one."), "name")
    if queries.is_name_taken(identity.name):
        raise Refused(_("Somebody here has this name already, or one that looks like it."), "name")
    check_password(identity.password, identity.email, identity.name)


def check_password(password: str, email: str, name: str) -> None:
    """Refuse passwords that are guessed first."""
    if not policy.SHORTEST_PASSWORD <= len(password) <= policy.LONGEST_PASSWORD:
        raise Refused(_("Use 8 to 128 characters."), "password")
    if policy.is_common_password(password):
        raise Refused(_("Many people use this password, so it is guessed first. Choose another one."), "password")
    if policy.holds_own_words(password, email, name):
        raise Refused(_("This password is almost your own name or address. Choose another one."), "password")


def free_name(member: Member) -> None:
    """Hold no name until the address is confirmed: who registers twice must not learn what the first one did."""
    member.name_skeleton = member.username = None


def take_name(member: Member) -> None:
    """Make the name the member's own; where somebody was quicker, with a number behind it."""
    wanted, number = member.name, 2
    while queries.is_name_taken(member.name, except_id=member.id):
        member.name, number = f"{wanted[:50]} {number}", number + 1
    member.name_skeleton, member.username = skeleton(member.name), _free_username(member.name)


def make_token(member: Member, use: TokenUse) -> str:
    """A new token; earlier ones for the same use die."""
    drop_tokens(member, use)
    token = secrets.token_urlsafe(24)
    until = clock.real_now() + TOKEN_LIFE[use]
    db.session.add(Token(digest=queries.digest_of(token), use=use, member_id=member.id, until=until))
    return token


def drop_tokens(member: Member, use: TokenUse | None = None) -> None:
    """Make mailed tokens worthless."""
    statement = delete(Token).where(Token.member_id == member.id)
    db.session.execute(statement.where(Token.use == use) if use else statement)


def confirm(token: str) -> Member | None:
    """Confirm the address that a token was mailed to; None where the token is dead."""
    found = queries.live_token(token, TokenUse.CONFIRM, clock.real_now())
    if found is None:
        return None
    member = found.member
    if member.state == MemberState.UNCONFIRMED:
        member.state = MemberState.ACTIVE
    drop_tokens(member, TokenUse.CONFIRM)
    return member


def is_password(member: Member | None, password: str) -> bool:
    """Whether this is the member's password. Nobody's password costs the same time."""
    return passwords.fits(member.password_hash if member else passwords.NOBODYS, password) and member is not None


def begin_session(member: Member, browser: str) -> str:
    """A new session; the token goes into the cookie and is nowhere else."""
    token = secrets.token_urlsafe(24)
    now = clock.real_now()
    digest = queries.digest_of(token)
    store(SignIn(digest=digest, member_id=member.id, began_at=now, seen_at=now, browser=browser[:80]))
    member.session_token = token  # type: ignore[misc]
    note_visit(member)
    return token


def note_visit(member: Member) -> None:
    """The member is here; after half an hour it is another visit, and the one before is remembered."""
    if policy.is_new_visit(member, clock.now()):
        member.visit_days += member.last_seen_at is None or member.last_seen_at.date() != clock.now().date()
        member.visited_before_at, member.last_seen_at = member.last_seen_at, clock.now()


def note_return(token: str) -> None:
    """A member came back in a browser that is signed in."""
    found = queries.signed_in(token)
    if found is not None:
        is_here = update(SignIn).where(SignIn.digest == queries.digest_of(token))
        db.session.execute(is_here.values(seen_at=clock.real_now()))
        note_visit(found[0])


def end_session(token: str) -> None:
    """Sign one browser out, on the server."""
    db.session.execute(delete(SignIn).where(SignIn.digest == queries.digest_of(token)))


def end_sign_in(member: Member, sign_in_id: int) -> None:
    """Sign out one of a member's own browsers."""
    db.session.execute(delete(SignIn).where(SignIn.id == sign_in_id, SignIn.member_id == member.id))


def end_sessions(member: Member, except_token: str | None = None) -> None:
    """Sign out everywhere, or everywhere else."""
    statement = delete(SignIn).where(SignIn.member_id == member.id)
    if except_token:
        statement = statement.where(SignIn.digest != queries.digest_of(except_token))
    db.session.execute(statement)


def drop_expired() -> None:
    """Sessions and mailed tokens that open nothing any more."""
    now = clock.real_now()
    db.session.execute(delete(SignIn).where(SignIn.began_at < now - SESSION_LIFE))
    db.session.execute(delete(Token).where(Token.until < now))


def change_password(member: Member, password: str, kept_session: str | None = None) -> None:
    """A new password ends the other sessions and every mailed token."""
    check_password(password, member.email or "", member.name)
    member.password_hash = passwords.hashed(password)
    drop_tokens(member)
    end_sessions(member, except_token=kept_session)


def change_email(token: str) -> Member | None:
    """Take the new address that a token was mailed to; None where the token is dead or the address taken."""
    found = queries.live_token(token, TokenUse.NEW_EMAIL, clock.real_now())
    if found is None or not found.member.new_email:
        return None
    member = found.member
    if queries.member_by_email(member.new_email or ""):
        return None
    member.email, member.new_email = member.new_email, None
    drop_tokens(member)
    return member


def rename(member: Member, name: str) -> None:
    """A new display name; the address of the profile stays."""
    name = display_name(name)
    if not policy.is_usable_name(name) or (policy.is_reserved(name) and not member.is_staff):
        raise Refused(_("Choose a name of at least two letters, all of one alphabet."), "name")
    if queries.is_name_taken(name, except_id=member.id):
        raise Refused(_("Somebody here has this name already, or one that looks like it."), "name")
    member.name, member.name_skeleton = name, skeleton(name)


def set_title(member: Member, title: str) -> None:
    """The line beside a name; the words of staff and experts are theirs."""
    is_known = member.is_staff or member.is_expert
    if not is_known and any(policy.is_reserved(word) for word in title.split()):
        raise Refused(_("This line holds a word that is kept for the people who work here."), "title")
    member.title = display_name(title)[:80]


def set_consent(member: Member, purpose: Purpose, is_given: bool, source: str) -> None:
    """Agree or withdraw; the ledger keeps each change with the version of the words."""
    if member.consents_to(purpose) == is_given:
        return
    setattr(member, purpose, is_given)
    _keep_line(member, purpose, is_given, source)


def set_uses(member: Member, withheld: frozenset[str], source: str) -> None:
    """Withhold these uses of data from now on and let all others be; the ledger keeps each change."""
    before = frozenset(member.withheld)
    for line in sorted(before ^ withheld):
        _keep_line(member, line, line not in withheld, source)
    member.withheld = sorted(withheld)


def note_uses(member_ids: Iterable[int], use: Use, now: datetime) -> None:
    """Count that data of these members were put to a use, once each time that one is named."""
    times, month = Counter(member_ids), f"{now:%Y-%m}"
    rows = [{"member_id": who, "month": month, "use": use.value, "times": times[who]} for who in sorted(times)]
    if rows:
        statement = insert_into(DataUse)
        more = {"times": DataUse.times + statement.excluded.times}
        keys = ["member_id", "month", "use"]
        db.session.execute(statement.on_conflict_do_update(index_elements=keys, set_=more), rows)


@every(86_400)
@job
def forget_uses() -> None:
    """What was counted more than thirteen months ago goes."""
    with unit_of_work():
        db.session.execute(delete(DataUse).where(DataUse.month < f"{clock.now() - USES_KEPT:%Y-%m}"))


def grant_role(member: Member, role: Role, site: Site | None, actor: Member | None) -> None:
    """Give a role for a site or for all."""
    name = str(RoleHeld(role, site))
    if name in member.role_names:
        return
    member.role_names = [*member.role_names, name]
    audit.keep("role.granted", member.key, actor.id if actor else None, role=role, site=str(site or "all"))


def take_role(member: Member, role: Role, site: Site | None, actor: Member) -> None:
    """Take a role away; it acts at the next request."""
    gone = str(RoleHeld(role, site))
    member.role_names = [name for name in member.role_names if name != gone]
    end_sessions(member)
    audit.keep("role.taken", member.key, actor.id, role=role, site=str(site or "all"))


def reopen(member: Member) -> None:
    """A suspension ends: the account lets its member in again."""
    member.state, member.suspended_until = MemberState.ACTIVE, None


def erase_identity(member: Member) -> None:
    """What made the row a person goes; the row stays, so that conversations keep their place."""
    end_sessions(member)
    drop_tokens(member)
    db.session.execute(delete(ConsentGiven).where(ConsentGiven.member_id == member.id))
    db.session.execute(delete(DataUse).where(DataUse.member_id == member.id))
    member.role_names, member.withheld = [], []
    member.email = member.new_email = member.name_skeleton = member.username = None
    member.name, member.title, member.password_hash = "", "", ""
    member.last_seen_at = member.visited_before_at = member.guarded_since = None
    member.muted_until = member.suspended_until = None
    member.group_ids, member.notice_count, member.visit_days = [], 0, 0
    member.state = MemberState.ERASED
    for purpose in Purpose:
        setattr(member, purpose, False)


def _keep_line(member: Member, purpose: str, is_given: bool, source: str) -> None:
    words = {"words_version": WORDS_VERSION, "source": source, "at": clock.now()}
    db.session.add(ConsentGiven(member_id=member.id, purpose=purpose, is_given=is_given, **words))


def _free_username(name: str) -> str:
    wanted = username = slug_of(name)[:30]
    number = 2
    while queries.is_username_taken(username) or policy.is_reserved(username):
        username, number = f"{wanted}-{number}", number + 1
    return username
