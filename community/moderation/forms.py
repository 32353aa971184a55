"""What a reporter says, what a moderator decides, which words are watched."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext as _ln
from wtforms import BooleanField, RadioField, SelectChoice, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import AnyOf

from community.moderation.models import Deed
from community.moderation.queries.screening import folded
from community.moderation.reasons import RULES
from community.sites.models import SITES
from community.web.forms import Form, at_most, filled, required

LONGEST_NOTE = 1_000
LONGEST_APPEAL = 2_000
DAYS = (1, 7, 30)
EXPLAINED = (Deed.HIDE, Deed.EDIT, Deed.WARN, Deed.MUTE, Deed.SUSPEND)


class ReportForm(Form):
    """Why something should not stand."""

    reason = RadioField(
        _l("What is wrong with it?"),
        [required(_l("Choose what comes nearest."))],
        choices=[SelectChoice(str(reason), rule.label) for reason, rule in RULES.items()],
    )
    note = TextAreaField(
        _l("What should a moderator know?"),
        [at_most(LONGEST_NOTE)],
        description=_l("Only moderators read this, never the author. It may stay empty."),
        render_kw={"rows": 3, "maxlength": LONGEST_NOTE},
    )


class DecisionForm(Form):
    """One of the buttons of a card, with the reason that its author reads."""

    deed = StringField(validators=[AnyOf([str(deed) for deed in Deed], message=_l("Choose one of the buttons."))])
    reason = RadioField(
        _l("Which rule is it about?"),
        choices=[SelectChoice(str(reason), rule.label) for reason, rule in RULES.items()],
        validate_choice=False,
        default="",
    )
    words = TextAreaField(_l("Your own words to the author"), [at_most(LONGEST_NOTE)])
    days = SelectField(
        _l("For how long"),
        choices=[SelectChoice("0", _l("until a moderator ends it")), *(SelectChoice(str(days)) for days in DAYS)],
        coerce=int,
        default=0,
    )

    def validate_reason(self, field: Any) -> None:
        """Whatever takes something away from somebody says why."""
        field.data = field.data or ""
        if field.data not in RULES and (field.data or self.deed.data in EXPLAINED):
            raise ValidationError(_l("Choose the rule that its author reads."))


class RevealForm(Form):
    """Why a moderator must know who an anonymous parent is."""

    why = TextAreaField(
        _l("Why must you know?"),
        [filled(_l("Say why: it is written in the log.")), at_most(LONGEST_NOTE)],
        description=_l("Only where somebody is in danger, or the law asks. Your look is logged and cannot be undone."),
        render_kw={"rows": 3, "maxlength": LONGEST_NOTE},
    )


class WordForm(Form):
    """A word to watch on a site."""

    word = StringField(
        _l("Word"),
        [filled(_l("Type a word.")), at_most(60)],
        description=_l("A star at the end stands for any ending: “casino*”."),
        filters=[lambda typed: folded(typed or "")],
    )
    site = SelectField(_l("Site"), choices=[])
    is_refused = BooleanField(_l("Refuse it"), description=_l("Otherwise a post that holds it waits for a moderator."))

    def validate_word(self, field: Any) -> None:
        """A star alone would stop every post."""
        if len(field.data.rstrip("*")) < 2 or "*" in field.data[:-1]:
            raise ValidationError(_l("Type at least two letters, with a star only at the end."))

    def offer(self, codes: list[str]) -> None:
        """The sites whose words this moderator keeps."""
        self.site.choices = [SelectChoice(code, SITES[code].language_name) for code in codes]


class AppealForm(Form):
    """What a second moderator should know."""

    words = TextAreaField(
        _l("What did we miss?"),
        [filled(_l("Say in your own words what we missed.")), at_most(LONGEST_APPEAL)],
        description=_l("Another moderator reads this, with the text and the first decision, and answers with reasons."),
        render_kw={"rows": 6, "maxlength": LONGEST_APPEAL},
    )


class AnswerForm(Form):
    """The second moderator's word."""

    outcome = RadioField(
        _l("What do you find?"),
        [required(_l("Choose one of the two."))],
        choices=[SelectChoice("stands", _l("The decision stands")), SelectChoice("back", _l("Take it back"))],
    )
    words = TextAreaField(
        _l("Your reasons, to the author"),
        [filled(_l("Say why: its author reads it.")), at_most(LONGEST_NOTE)],
        render_kw={"rows": 4, "maxlength": LONGEST_NOTE},
    )


class PersonForm(Form):
    """What a moderator does to a member, and why."""

    deed = RadioField(
        _l("What do you do?"),
        [required(_l("Choose one."))],
        choices=[
            SelectChoice(str(Deed.WARN), _l("Warn")),
            SelectChoice(str(Deed.MUTE), _l("Mute: reads, does not write")),
            SelectChoice(str(Deed.SUSPEND), _l("Suspend: nobody comes in with this account")),
        ],
    )
    days = SelectField(
        _l("For how long"),
        choices=[
            *(SelectChoice(str(days), _ln("%(num)d day", "%(num)d days", days)) for days in DAYS),
            SelectChoice("0", _l("until a moderator ends it")),
        ],
        coerce=int,
        default=DAYS[0],
    )
    reason = RadioField(
        _l("Which rule is it about?"),
        [required(_l("Choose the rule that the member reads."))],
        choices=[SelectChoice(str(reason), rule.label) for reason, rule in RULES.items()],
    )
    words = TextAreaField(
        _l("Your own words to the member"), [at_most(LONGEST_NOTE)], render_kw={"rows": 3, "maxlength": LONGEST_NOTE}
    )
    hides_earlier = BooleanField(
        _l("Hide all earlier posts too"),
        description=_l(
            "With the mute or suspension, and back with it when you lift it. Posts as anonymous parent stay."
        ),
    )


class NoteForm(Form):
    """What other moderators should know."""

    words = TextAreaField(
        _l("A note for the other moderators"),
        [filled(_l("Write something first.")), at_most(LONGEST_NOTE)],
        description=_l("The member reads notes in the download of all their data. Write what you could say to them."),
        render_kw={"rows": 3, "maxlength": LONGEST_NOTE},
    )
