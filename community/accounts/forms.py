"""What a person fills in about themselves. Shape only; the rules stand in members/ and profiles/."""

from datetime import date
from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    HiddenField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import AnyOf, Length, NumberRange, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from community.core.text import own_path
from community.members.ledger import LINES, TERMS, DataKind, Use, line_of
from community.members.models import Purpose
from community.members.policy import LONGEST_PASSWORD, SHORTEST_PASSWORD
from community.profiles.models import FIELDS, Audience, ChildKind, PartnerRole
from community.sites.queries import open_sites
from community.web.forms import Form, at_most, filled, required

LONGEST_ADDRESS = 254
# What somebody agrees to, in the words of `members.actions.WORDS_VERSION`: change both together.
CONSENTS = {
    Purpose.PERSONALISATION: (
        _l("Choose what I see by what I read"),
        _l("Your reading helps to choose articles for you. Each one says why it is there."),
    ),
    Purpose.ANALYTICS: (
        _l("Count what I read"),
        _l("Your reading counts in figures, so that we see which pages help."),
    ),
    Purpose.MAIL: (
        _l("Mail me"),
        _l("A letter for your week, and answers to what you write. Every mail has a way out."),
    ),
    Purpose.OFFERS: (
        _l("Choose offers that fit me"),
        _l("What you read, write and order here makes a profile, so that an offer fits you. Otherwise there is none."),
    ),
}

USES = {
    Use.PAGES: _l("To choose what you see here"),
    Use.LETTER: _l("To choose what your weekly letter recommends"),
    Use.SHOP: _l("To show products that go with what you bought"),
    Use.MAILS: _l("To mail you offers that fit"),
    Use.LISTS: _l("In lists that leave this site, for other systems of ours"),
    Use.FIGURES: _l("In figures about everybody"),
}
DATA = {
    DataKind.STAGE: _l("My week and the ages of my children"),
    DataKind.INTERESTS: _l("The subjects that I chose"),
    DataKind.READING: _l("What I read and do here"),
    DataKind.ORDERS: _l("What I bought"),
}


class Day(DateField):
    """A date, with plain words where the calendar does not hold it."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """As the parent, in our words."""
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(_("This day does not exist. Write it like 2026-12-24.")) from error


class Number(IntegerField):
    """A whole number, with plain words where it is none."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """As the parent, in our words."""
        try:
            super().process_formdata([value for value in valuelist if value.strip()])
        except ValueError as error:
            self.data = None
            raise ValueError(_("Write a whole number, in digits.")) from error


def _consent(purpose: Purpose) -> BooleanField:
    label, description = CONSENTS[purpose]
    return BooleanField(label, description=description)


def _email(label: Any, autocomplete: str, description: Any = "") -> EmailField:
    rules = [filled(_l("Fill in your e-mail address.")), at_most(LONGEST_ADDRESS)]
    return EmailField(label, [*rules, _is_address], description=description, render_kw={"autocomplete": autocomplete})


def _old_password(label: Any, description: Any = "") -> PasswordField:
    rules = [required(_l("Fill in your password.")), at_most(LONGEST_PASSWORD)]
    return PasswordField(label, rules, description=description, render_kw={"autocomplete": "current-password"})


def _new_password(label: Any) -> PasswordField:
    size = Length(SHORTEST_PASSWORD, LONGEST_PASSWORD, _l("Use 8 to 128 characters."))
    hint = _l("8 characters or more. A few words in a row are easy to remember and hard to guess.")
    rules = [required(_l("Choose a password.")), size]
    return PasswordField(label, rules, description=hint, render_kw={"autocomplete": "new-password"})


def _choice(kind: Any, label: Any, choices: list[tuple[str, Any]], **more: Any) -> Any:
    """One of a few answers; anything else is answered in words, not stored."""
    one_of = AnyOf([value for value, _words in choices], _l("Choose one of the answers."))
    shown = [SelectChoice(value=value, label=words) for value, words in choices]
    return kind(label, [one_of], choices=shown, validate_choice=False, **more)


def _is_address(_form: Form, field: EmailField) -> None:
    if len(field.data) > LONGEST_ADDRESS:
        return  # said already
    try:
        validate_email(field.data, check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise ValidationError(_("This is not a whole address. Write it like name@example.org.")) from error


def _safe_path(path: str | None) -> str:
    return own_path(path) or ""


class RegisterForm(Form):
    """Become a member, on one page."""

    email = _email(_l("E-mail address"), "email", _l("We send a link there, to see that it is yours."))
    name = StringField(
        _l("Name"),
        [filled(_l("Choose the name that others see.")), at_most(60)],
        description=_l("Others see this name. Your first name, or any name you like."),
        render_kw={"autocomplete": "nickname"},
    )
    password = _new_password(_l("Password"))
    due_date = Day(
        _l("When is your baby due?"),
        [Optional()],
        description=_l("Then we show you your own week. Nobody else sees this date."),
    )
    consent_personalisation = _consent(Purpose.PERSONALISATION)
    consent_analytics = _consent(Purpose.ANALYTICS)
    consent_mail = _consent(Purpose.MAIL)
    consent_offers = _consent(Purpose.OFFERS)
    next = HiddenField(filters=[_safe_path])

    @property
    def consents(self) -> frozenset[Purpose]:
        """What was ticked."""
        return frozenset(purpose for purpose in CONSENTS if self[f"consent_{purpose}"].data)


class SignInForm(Form):
    """Come in."""

    email = StringField(
        _l("E-mail address"),
        [filled(_l("Fill in your e-mail address.")), at_most(LONGEST_ADDRESS)],
        render_kw={"type": "email", "autocomplete": "username"},
    )
    password = _old_password(_l("Password"))
    next = HiddenField(filters=[_safe_path])


class CodeForm(Form):
    """The second step."""

    code = StringField(
        _l("Code"),
        [filled(_l("Fill in the code that your phone shows.")), at_most(20)],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric"},
    )


class SwitchOnForm(CodeForm):
    """The second step from now on, by who knows the password."""

    password = _old_password(_l("Your password"))


class AddressForm(Form):
    """Where a new link is to be sent."""

    email = _email(_l("E-mail address"), "email")


class NewPasswordForm(Form):
    """A password after the old one was forgotten."""

    password = _new_password(_l("New password"))


class PasswordForm(Form):
    """A new password, by who knows the old one."""

    old_password = _old_password(_l("Current password"))
    password = _new_password(_l("New password"))


class NewAddressForm(Form):
    """Another e-mail address."""

    email = _email(_l("New e-mail address"), "email", _l("It counts once you open the link that we send there."))
    old_password = _old_password(_l("Your password"))


class ChildForm(Form):
    """A pregnancy or a child: dates only, never a name."""

    kind = _choice(
        RadioField,
        _l("Who is it about?"),
        [
            (ChildKind.PREGNANCY, _l("A pregnancy")),
            (ChildKind.CHILD, _l("A child")),
            (ChildKind.ADOPTED, _l("An adopted child")),
        ],
        default=ChildKind.PREGNANCY,
    )
    due_on = Day(_l("Due date"), [Optional()], description=_l("For a pregnancy. A guess is fine."))
    born_on = Day(_l("Date of birth"), [Optional()], description=_l("For a child. Day and month may be a guess."))
    weeks_early = Number(
        _l("Weeks early"),
        [Optional(), NumberRange(0, 18, _l("Weeks early is a number from 0 to 18."))],
        description=_l("Born before 37 weeks? Until two years we count development from the due date."),
        render_kw={"min": 0, "max": 18, "inputmode": "numeric"},
    )

    @property
    def told(self) -> tuple[ChildKind, date | None, date | None, int]:
        """Kind, due date, date of birth and weeks early, as the actions of profiles/ take them."""
        return ChildKind(self.kind.data), self.due_on.data, self.born_on.data, self.weeks_early.data or 0


class BornForm(Form):
    """The baby is there."""

    born_on = Day(_l("Date of birth"), [required(_l("When was the baby born?"))])


def _audience(label: Any, description: Any = "") -> SelectField:
    choices: list[tuple[str, Any]] = [
        (Audience.ME, _l("Only me")),
        (Audience.MEMBERS, _l("Members")),
        (Audience.PUBLIC, _l("Everybody")),
    ]
    return _choice(SelectField, label, choices, default=Audience.ME, description=description)


class ProfileForm(Form):
    """Who somebody is to the others here, and to us."""

    name = StringField(
        _l("Name"),
        [filled(_l("Choose the name that others see.")), at_most(60)],
        render_kw={"autocomplete": "nickname"},
    )
    title = StringField(
        _l("Line beside your name"),
        [Optional(), at_most(80)],
        description=_l("Stands beside what you write, such as “mother of twins”. Everybody sees it."),
    )
    town = StringField(_l("Town or region"), [Optional(), at_most(60)], render_kw={"autocomplete": "address-level2"})
    about = TextAreaField(_l("About you"), [Optional(), at_most(1_000)], render_kw={"rows": 4})
    partner_role = _choice(
        RadioField,
        _l("What do we call the other parent?"),
        [
            (PartnerRole.NONE, _l("I would rather not say")),
            (PartnerRole.FATHER, _l("Father")),
            (PartnerRole.MOTHER, _l("Mother")),
            (PartnerRole.PARTNER, _l("Partner")),
            (PartnerRole.ALONE, _l("I do this alone")),
        ],
    )
    site = _choice(SelectField, _l("Language and country"), [])
    visible_town = _audience(_l("Who sees your town?"))
    visible_about = _audience(_l("Who sees your words about yourself?"))
    visible_children = _audience(
        _l("Who sees your due month and your children's ages?"), _l("A month or an age, never the day.")
    )
    visible_interests = _audience(_l("Who sees your interests?"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.site.choices = [SelectChoice(value=site.code, label=site.language_name) for site in open_sites()]
        self.site.validators = [AnyOf([site.code for site in open_sites()], _("Choose one of the answers."))]

    @property
    def visible_to(self) -> dict[str, str]:
        """Who may see each field."""
        return {field: self[f"visible_{field}"].data for field in FIELDS}


class ConsentForm(Form):
    """Each purpose apart, for a member."""

    consent_personalisation = _consent(Purpose.PERSONALISATION)
    consent_analytics = _consent(Purpose.ANALYTICS)
    consent_mail = _consent(Purpose.MAIL)
    consent_offers = _consent(Purpose.OFFERS)

    @property
    def consents(self) -> frozenset[Purpose]:
        """What is ticked."""
        return frozenset(purpose for purpose in CONSENTS if self[f"consent_{purpose}"].data)


def _lets(use: Use) -> SelectMultipleField:
    choices = [SelectChoice(line_of(use, kind), DATA[kind]) for kind in TERMS[use].kinds]
    return SelectMultipleField(USES[use], choices=choices, option_widget=CheckboxInput())


class UsesForm(Form):
    """What may be used for what: each field is a use, and what is ticked may be used."""

    pages, letter, shop = _lets(Use.PAGES), _lets(Use.LETTER), _lets(Use.SHOP)
    mails, lists, figures = _lets(Use.MAILS), _lets(Use.LISTS), _lets(Use.FIGURES)

    @property
    def withheld(self) -> frozenset[str]:
        """What is not ticked."""
        return LINES - {line for use in Use for line in self[use].data or ()}


class ChangedForm(Form):
    """For whom the weeks stop, where there are several."""

    children = SelectMultipleField(
        _l("For whom?"), coerce=int, widget=ListWidget(), option_widget=CheckboxInput(), validate_choice=False
    )


class ExportForm(Form):
    """The download is for the member alone."""

    password = _old_password(_l("Your password"), _l("So that nobody else downloads it in your place."))


class DeleteForm(Form):
    """The end of an account."""

    posts = _choice(
        RadioField,
        _l("What happens to what you wrote?"),
        [
            ("keep", _l("It stays, without my name")),
            ("gone", _l("It goes too")),
        ],
        default="keep",
        description=_l("Without your name others can still follow the conversation."),
    )
    password = _old_password(_l("Your password"))
