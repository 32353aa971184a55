"""What a member may choose of notices and mails."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, IntegerField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import NumberRange

from community.core.refused import Refused
from community.members.models import Member
from community.messages.actions.choices import Chosen
from community.messages.models import ALWAYS_TOLD, Choices, NoticeKind
from community.messages.policy import is_paused
from community.web.forms import Form
from community.web.numbering import LARGEST_ID

KINDS = {
    NoticeKind.QUOTE: (_l("Somebody answers you"), _l("In a conversation or under an article.")),
    NoticeKind.MENTION: (_l("Somebody names you"), _l("With @ and your name.")),
    NoticeKind.ANSWER: (_l("Somebody answers in what you follow"), _l("You follow what you wrote in, too.")),
    NoticeKind.ACCEPTED: (_l("Your answer helped"), ""),
    NoticeKind.THANKS: (_l("Somebody thanks you"), ""),
    NoticeKind.TOPIC: (_l("A new conversation"), _l("On a board, by somebody or about a subject that you follow.")),
    NoticeKind.CLUB: (_l("News in your club"), _l("Where you follow its talk.")),
    NoticeKind.POINTS: (_l("You have new points"), _l("As an ambassador, once a day.")),
    NoticeKind.STORY: (_l("A new story"), _l("In a blog that you follow.")),
    NoticeKind.MESSAGE: (_l("A word from us"), _l("Help, or an offer, that fits what you do here.")),
}


@dataclass(frozen=True)
class Row:
    """One kind of notice with its two boxes."""

    kind: NoticeKind
    label: Any
    hint: Any
    by_bell: bool
    by_mail: bool


def _kinds() -> SelectMultipleField:
    return SelectMultipleField(choices=[SelectChoice(kind.value, label) for kind, (label, _hint) in KINDS.items()])


class ChoicesForm(Form):
    """Where to hear of what, and how much mail."""

    bell = _kinds()
    mail = _kinds()
    consent_mail = BooleanField(
        _l("Mail me"),
        description=_l("A letter for your week, and answers to what you write. Every mail has a way out."),
    )
    weekly = BooleanField(_l("The weekly letter"), description=_l("Your week, your club, and answers to you."))
    only_club = BooleanField(_l("Only about my clubs"), description=_l("No other mail about conversations."))
    paused = BooleanField(_l("Pause for 30 days"), description=_l("After that they come again by themselves."))

    @classmethod
    def of(cls, member: Member, choices: Choices, now: datetime) -> "ChoicesForm":
        """The form as the member left it. Without consent no mail is ticked, for none is sent."""
        form = cls(
            bell=choices.bell,
            mail=choices.mail if member.mail else [],
            consent_mail=member.mail,
            weekly=choices.weekly and member.mail,
            only_club=choices.only_club,
            paused=is_paused(choices, now),
        )
        form.had_consent = member.mail
        return form

    def accepted(self) -> bool:
        """As the parent. Who never said yes and chooses a mail is asked for the yes."""
        if not super().accepted():
            return False
        if not self.had_consent and not self.consent_mail.data and (self.mail.data or self.weekly.data):
            words = _("Mails need your yes: tick this too, or choose no mail below.")
            self.refuse(Refused(words, "consent_mail"))
        return not self.mistakes

    @property
    def rows(self) -> list[Row]:
        """The kinds with their boxes, in order."""
        bell, mail = set(self.bell.data or ()), set(self.mail.data or ())
        return [Row(kind, label, hint, kind in bell, kind in mail) for kind, (label, hint) in KINDS.items()]

    @property
    def chosen(self) -> Chosen:
        """What was chosen, in plain values."""
        return Chosen(
            bell=[*(self.bell.data or ()), *ALWAYS_TOLD],
            mail=self.mail.data or [],
            has_agreed=bool(self.consent_mail.data),
            is_weekly=bool(self.weekly.data),
            is_only_club=bool(self.only_club.data),
            is_paused=bool(self.paused.data),
        )


class SeenForm(Form):
    """All that the list showed is read."""

    up_to = IntegerField(widget=HiddenField.widget, validators=[NumberRange(1, LARGEST_ID)])
