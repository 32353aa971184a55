"""What an administrator does: people with roles, people who may not come in for a while, mails sent once more."""

from flask_babel import gettext as _

from community.accounts.actions import tell_second_step
from community.core import audit, generation
from community.core.permissions import Role
from community.core.refused import Refused
from community.members import actions as members
from community.members import second_step
from community.members.models import Identity, Member, MemberState, RoleHeld
from community.members.policy import is_usable_name
from community.messages.actions import mails as messages
from community.messages.models import Mail
from community.moderation.actions import people
from community.sites.models import Site
from community.sites.queries import open_sites


def create_member(identity: Identity, role: Role, site: Site | None) -> Member:
    """A member by the operator's word: the address needs no confirming."""
    if not is_usable_name(identity.name):
        raise Refused(_("Choose a name of at least two letters, all of one alphabet."), "name")
    member = members.register(identity)
    member.state = MemberState.ACTIVE
    if role is not Role.MEMBER:
        give_role(member, role, site, actor=None)
    return member


def give_role(member: Member, role: Role, site: Site | None, actor: Member | None) -> None:
    """A role for a site or (None) for all. An administrator is one everywhere: half of one could rise by itself."""
    members.grant_role(member, role, None if role is Role.ADMIN else site, actor)
    members.end_sessions(member)
    _pages_look_different()


def take_role(member: Member, held: RoleHeld, actor: Member) -> None:
    """A role goes, and with it the member's sessions."""
    members.take_role(member, held.role, held.site, actor)
    _pages_look_different()


def suspend(member: Member, actor: Member) -> None:
    """Nobody comes in with this account until it is opened again; what was written stays."""
    people.suspend(member, None)
    audit.keep("member.suspended", member.key, actor.id)


def unsuspend(member: Member, actor: Member) -> None:
    """The account opens again; its member signs in anew."""
    members.reopen(member)
    audit.keep("member.unsuspended", member.key, actor.id)
    _pages_look_different()


def reset_second_step(member: Member, actor: Member | None) -> None:
    """A phone was lost: nothing of it opens the account any more, and every browser is signed out."""
    if second_step.end(member, actor):
        tell_second_step(member, is_on=False)
    members.end_sessions(member)


def note_look(member: Member, actor_id: int) -> None:
    """That somebody looked at all that stands about a member."""
    audit.keep("member.looked-at", member.key, actor_id)


def note_mail_read(mail: Mail, actor_id: int) -> None:
    """That somebody read a mail to a member."""
    audit.keep("mail.read", f"member:{mail.member_id}", actor_id, mail=mail.id)


def send_again(mail: Mail, actor: Member) -> None:
    """One more try for a mail that did not arrive."""
    messages.send_again(mail)
    audit.keep("mail.sent-again", f"member:{mail.member_id}", actor.id, mail=mail.id)


def _pages_look_different() -> None:
    """Names carry badges and lead to profiles, on pages of every site."""
    for site in open_sites():
        generation.changed(site.code)
