"""What an administrator may do to whom."""

from community.core.permissions import Role
from community.members.models import Member, MemberState
from community.members.policy import may_act_on, may_grant
from community.messages.models import Mail, MailState


def may_change_role(actor: Member, role: Role, member: Member) -> bool:
    """Administrators give and take roles, never their own, and to nobody who is gone."""
    return may_grant(actor, role, member) and not member.is_erased


def may_suspend(actor: Member, member: Member) -> bool:
    """Anybody but oneself who can sign in."""
    return actor.id != member.id and member.state == MemberState.ACTIVE and may_act_on(actor, member)


def may_unsuspend(actor: Member, member: Member) -> bool:
    """Who is suspended."""
    return member.state == MemberState.SUSPENDED and may_act_on(actor, member)


def may_send_again(mail: Mail) -> bool:
    """Mails that did not arrive, or of which nobody knows; never one that is on its way or was sent."""
    return mail.state in (MailState.UNKNOWN, MailState.FAILED) and bool(mail.text)
