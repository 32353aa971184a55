"""What somebody writes to the service, and what an agent answers."""

from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import EmailField, RadioField, SelectChoice, StringField, TextAreaField
from wtforms.validators import ValidationError

from community.service.models import CaseKind
from community.web.forms import Form, at_most, filled

LONGEST = 10_000
WHAT_NEXT = [
    SelectChoice(value="answer", label=_l("Answer")),
    SelectChoice(value="solve", label=_l("Answer, and it is solved")),
    SelectChoice(value="note", label=_l("Note for colleagues alone")),
]


def _words(label: Any, hint: Any = "") -> TextAreaField:
    return TextAreaField(
        label,
        [filled(_l("Write something first.")), at_most(LONGEST)],
        description=hint,
        render_kw={"rows": 8, "maxlength": LONGEST},
    )


class ContactForm(Form):
    """A question or a complaint, by a member."""

    kind = RadioField(
        _l("What is it?"),
        choices=[
            SelectChoice(value=CaseKind.QUESTION.value, label=_l("A question")),
            SelectChoice(value=CaseKind.COMPLAINT.value, label=_l("Something is wrong")),
        ],
        default=CaseKind.QUESTION.value,
    )
    subject = StringField(
        _l("In one line"),
        [filled(_l("Say in one line what it is about.")), at_most(160)],
        render_kw={"maxlength": 160, "autocomplete": "off"},
    )
    body = _words(_l("Your message"), _l("What happened, and what would help you?"))


class StrangerForm(ContactForm):
    """The same by who is not signed in: the answer goes to this address."""

    name = StringField(
        _l("Your name"),
        [filled(_l("How shall we call you?")), at_most(80)],
        render_kw={"autocomplete": "name"},
    )
    email = EmailField(
        _l("Your e-mail address"),
        [filled(_l("We need an address to answer to.")), at_most(254)],
        description=_l("Our answer goes there. We use it for nothing else."),
        render_kw={"autocomplete": "email"},
    )

    def validate_email(self, field: EmailField) -> None:
        """A whole address."""
        try:
            validate_email(field.data, check_deliverability=False, test_environment=True)
        except EmailNotValidError as error:
            raise ValidationError(_("This is not a whole address. Write it like name@example.org.")) from error


class MoreForm(Form):
    """Who asked says more."""

    body = _words(_l("Your message"))


class AnswerForm(Form):
    """An agent answers, or notes something."""

    body = _words(_l("Your words"))
    what = RadioField(_l("What is it?"), choices=WHAT_NEXT, default="answer")


class PlainForm(Form):
    """A deed that asks for nothing more: take it, it is solved."""
