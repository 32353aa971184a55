"""What became of who entered an audience and of the message to them, in words."""

from typing import Any

from flask_babel import lazy_gettext as _l

from community.messages.models import MailState
from community.segments.models import CrossingState, Sending, SendingState, WhyNot

CROSSINGS: dict[str, Any] = {
    CrossingState.NOTED: _l("noted"),
    CrossingState.WAITING: _l("waits to be told"),
    CrossingState.TOLD: _l("told"),
    CrossingState.LEFT: _l("left before it was told"),
    CrossingState.FAILED: _l("not taken"),
}
SENDINGS: dict[str, Any] = {
    SendingState.WAITING: _l("waits"),
    SendingState.SENT: _l("sent"),
    SendingState.LEFT: _l("left before it was sent"),
    SendingState.REFUSED: _l("not sent"),
}
WHY_NOT: dict[str, Any] = {
    WhyNot.ALREADY: _l("got it at an earlier entry"),
    WhyNot.COMPLAINT: _l("a complaint is open"),
    WhyNot.GUARDED: _l("is not written to at present"),
    WhyNot.MUTED: _l("muted a subject that the audience asks for"),
    WhyNot.NO_YES: _l("did not agree to such mail"),
    WhyNot.RETURNED: _l("mail to the address comes back"),
    WhyNot.UNWANTED: _l("chose not to hear of it this way"),
}
ON_THE_WAY: dict[str, Any] = {
    MailState.WAITING: _l("the letter waits in the outbox"),
    MailState.CLAIMED: _l("the letter is being sent"),
    MailState.UNKNOWN: _l("whether the letter arrived is unknown"),
    MailState.FAILED: _l("the letter was stopped on its way"),
}


def became_of(sending: Sending) -> tuple[str, str]:
    """How far a message is, and why it is no further."""
    on_the_way = ON_THE_WAY.get(sending.mail.state, "") if sending.mail else ""
    return str(SENDINGS[sending.state]), str(WHY_NOT.get(sending.why, "") or on_the_way)
