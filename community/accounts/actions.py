"""What a person does with their own account: begin it, prove an address, agree, and leave."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from secrets import token_hex
from typing import Any
from urllib.parse import urlencode

from flask_babel import gettext as _

from community.core import clock, generation
from community.core.db import db
from community.core.refused import Refused
from community.items.models import Item, Tag
from community.members import actions as members
from community.members import queries as member_queries
from community.members.models import Identity, Member, MemberState, Purpose, TokenUse, Visitor
from community.messages.actions.mails import send_later
from community.messages.models import NEW_ADDRESS, MailClass
from community.personalisation import actions as personalisation
from community.profiles import actions as profiles
from community.profiles.models import FIELDS, Child, ChildKind
from community.shop.actions.buyers import know_member
from community.sites.queries import open_sites
from community.touchpoints import actions as touchpoints
from community.touchpoints.actions import record
from community.touchpoints.models import Verb

READING = frozenset({Purpose.PERSONALISATION, Purpose.ANALYTICS})
# What follows, in the same commit, when somebody registered; `app.py` says it.
WHEN_REGISTERED: list[Callable[[Member], None]] = []


def check_registration(identity: Identity, due_on: date | None) -> None:
    """Refuse what is wrong whether or not the address has an account."""
    members.check_identity(identity)
    if due_on is not None:
        profiles.check_due_date(due_on, clock.today(identity.site.zone), "due_date")


def register(identity: Identity, due_on: date | None, next_path: str) -> None:
    """A new member with a mail to confirm; a taken address is told by mail alone, at the same cost."""
    check_registration(identity, due_on)
    known = member_queries.member_by_email(identity.email)
    if known is not None:
        _come_and_go(identity)
        remind(known)
        return
    member = members.register(identity)
    members.free_name(member)
    if due_on is not None:
        profiles.add_child(member, ChildKind.PREGNANCY, due_on, None)
    record(member, Verb.MEMBER_REGISTERED, member, source="web")
    for follow_up in WHEN_REGISTERED:
        follow_up(member)
    send_confirmation(member, next_path)


def _come_and_go(identity: Identity) -> None:
    """Make somebody and take them back: a taken address costs what a free one does."""
    trial = db.session.begin_nested()
    members.register(replace(identity, email=f"{token_hex(8)}@nobody.invalid"))
    trial.rollback()


def send_confirmation(member: Member, next_path: str = "") -> None:
    """Mail the link that confirms the address."""
    token = members.make_token(member, TokenUse.CONFIRM)
    send_later(member, "confirm", MailClass.TRANSACTIONAL, path=_path(f"/confirm/{token}", member, next=next_path))


def remind(member: Member) -> None:
    """Somebody wants an account at an address that has one: its owner is told how to come in.

    One that was never confirmed gets a link to choose a password anew, so that nobody who typed the address
    first keeps a key to it."""
    is_confirmed = member.state != MemberState.UNCONFIRMED
    path = _path("/sign-in", member) if is_confirmed else _reset_path(member)
    send_later(member, "already-registered", MailClass.TRANSACTIONAL, path=path, is_confirmed=is_confirmed)


def ask_confirmation(email: str) -> None:
    """A new link for an address that waits for its confirmation; nothing for any other."""
    member = member_queries.member_by_email(email)
    if member is not None and member.state == MemberState.UNCONFIRMED:
        send_confirmation(member)


def ask_reset(email: str) -> None:
    """A link to choose a new password, for an address that has an account."""
    member = member_queries.member_by_email(email)
    if member is None:
        return
    if member.state == MemberState.UNCONFIRMED:
        remind(member)
    else:
        send_later(member, "reset", MailClass.TRANSACTIONAL, path=_reset_path(member))


def confirm(token: str) -> Member | None:
    """Confirm the address of a mailed token; None where the token is dead."""
    member = members.confirm(token)
    if member is not None:
        _begin_membership(member)
    return member


def reset_password(token: str, password: str) -> Member | None:
    """Choose a password by a mailed token, which proves the address too; None where the token is dead."""
    found = member_queries.live_token(token, TokenUse.RESET, clock.real_now())
    if found is None:
        return None
    member = found.member
    members.change_password(member, password)
    if member.state == MemberState.UNCONFIRMED:
        member.state = MemberState.ACTIVE
        _begin_membership(member)
    else:
        tell_new_password(member)
    return member


def change_password(member: Member, password: str) -> None:
    """A new password, by who knew the old one; this browser stays signed in."""
    members.change_password(member, password, kept_session=member.session_token)
    tell_new_password(member)


def tell_new_password(member: Member) -> None:
    """The owner hears of a new password, whoever chose it."""
    send_later(member, "password-changed", MailClass.SERVICE, path=_path("/reset", member))


def tell_second_step(member: Member, is_on: bool) -> None:
    """The owner hears that a code is asked from now on, or none any more, whoever saw to it."""
    send_later(member, "second-step", MailClass.SERVICE, path=_path("/reset", member), is_on=is_on)


def ask_new_email(member: Member, email: str) -> None:
    """Mail a link to the new address; the present one counts until it is opened."""
    known = member_queries.member_by_email(email)
    if known is not None:
        if known.id == member.id:
            raise Refused(_("This is your address already."), "email")
        remind(known)
        return
    member.new_email = email.strip().lower()
    token = members.make_token(member, TokenUse.NEW_EMAIL)
    path = _path(f"/account/security/email/{token}", member)
    send_later(member, "new-email", MailClass.TRANSACTIONAL, to_new_address=True, ends=NEW_ADDRESS, path=path)


def take_new_email(token: str) -> Member | None:
    """Take the address that a token was mailed to, sign the other browsers out and tell the old address."""
    found = member_queries.live_token(token, TokenUse.NEW_EMAIL, clock.real_now())
    old = found.member.email if found else None
    member = members.change_email(token)
    if member is not None:
        members.end_sessions(member)
        know_member(member)
        send_later(member, "address-changed", MailClass.SERVICE, old_address=old)
    return member


def join_visitor(visitor: Visitor, member: Member) -> None:
    """What a visitor read joins the member, where the member agrees to all that the visitor agreed to."""
    if visitor.visitor_id and visitor.consents <= member.consents:
        personalisation.join_visitor(visitor.visitor_id, member)
        touchpoints.join_visitor(visitor.visitor_id, member)


def set_consents(member: Member, given: frozenset[Purpose], asked: frozenset[Purpose], source: str) -> None:
    """Agree and withdraw, each purpose apart; what was kept under a withdrawn one goes in the same commit."""
    withdrawn = {purpose for purpose in asked - given if member.consents_to(purpose)}
    for purpose in asked:
        members.set_consent(member, purpose, purpose in given, source)
    if Purpose.PERSONALISATION in withdrawn:
        personalisation.forget(member)
    for purpose in withdrawn & {Purpose.ANALYTICS, Purpose.OFFERS}:
        touchpoints.disallow(member.id, purpose)
    if withdrawn & READING and not member.consents & READING:
        touchpoints.forget_reading(member.id)


def change_profile(member: Member, told: dict[str, Any], visible_to: dict[str, str]) -> None:
    """Change who somebody is to others; pages that show the name are made anew."""
    if told["name"] != member.name:
        members.rename(member, told["name"])
    if told["title"] != member.title:
        members.set_title(member, told["title"])
    member.site = told["site"]
    profile = profiles.profile_for(member)
    profile.town, profile.about, profile.partner_role = told["town"], told["about"], told["partner_role"]
    profile.visible_to = {field: visible_to[field] for field in FIELDS}
    _pages_changed()


def weigh_item(member: Member, item: Item, weight: int) -> list[Tag]:
    """More or less of what an item is about: its own tags, else its theme; with less, never this one again."""
    about = [tag for tag in item.tags if tag.id != item.theme_id] or item.tags
    for tag in about:
        profiles.set_interest(member, tag, weight)
    if weight < 0:
        personalisation.dismiss(member, item)
    return about


def add_twin(child: Child, member: Member) -> Child:
    """Another one with the same dates."""
    return profiles.add_child(member, ChildKind(child.kind), child.due_on, child.born_on, child.weeks_early)


def tell_birth(child: Child, born_on: date) -> None:
    """The baby was born; weeks early are counted from the due date where it was three or more."""
    early = max(0, ((child.due_on or born_on) - born_on).days // 7)
    profiles.change_child(child, ChildKind.CHILD, child.due_on, born_on, early if early >= 3 else 0)


def kept_child(child: Child) -> dict[str, Any]:
    """A pregnancy or child in plain values, so that a removal can be undone."""
    days = {"due_on": child.due_on, "born_on": child.born_on, "stopped_at": child.stopped_at}
    plain = {name: value.isoformat() for name, value in days.items() if value is not None}
    return {"kind": child.kind, "weeks_early": child.weeks_early, **plain}


def put_back_child(member: Member, kept: dict[str, Any]) -> None:
    """Undo a removal: as it was, stopped where it was stopped."""
    child = Child(member_id=member.id, kind=kept["kind"], weeks_early=kept["weeks_early"], created_at=clock.now())
    child.due_on = date.fromisoformat(kept["due_on"]) if "due_on" in kept else None
    child.born_on = date.fromisoformat(kept["born_on"]) if "born_on" in kept else None
    child.stopped_at = datetime.fromisoformat(kept["stopped_at"]) if "stopped_at" in kept else None
    db.session.add(child)


def _begin_membership(member: Member) -> None:
    """The address is proven: the name is theirs from now on."""
    if member.username is None:
        members.take_name(member)
        record(member, Verb.MEMBER_CONFIRMED, member)
        know_member(member)


def _reset_path(member: Member) -> str:
    return _path(f"/reset/{members.make_token(member, TokenUse.RESET)}", member)


def _path(path: str, member: Member, **more: str) -> str:
    """An address in a mail: the page answers in the member's language, whoever's browser opens it."""
    return f"{path}?{urlencode({'site': member.site.code, **{name: value for name, value in more.items() if value}})}"


def _pages_changed() -> None:
    """A name stands on pages of any site."""
    for site in open_sites():
        generation.changed(site.code)
