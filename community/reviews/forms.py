"""The forms of reviews: write one, change it, say whether one helped."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, RadioField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import AnyOf, InputRequired, Length, ValidationError

from community.core.text import is_visible
from community.reviews.actions.reviews import Opinion
from community.reviews.models import AgeBand
from community.web.forms import Form, at_most

LONGEST_TITLE, LONGEST_LINES, LONGEST_BODY, LONGEST_TOKEN = 120, 400, 5_000, 64
AGES = {
    AgeBand.PREGNANCY: _l("in pregnancy"),
    AgeBand.TO_3: _l("0 to 3 months"),
    AgeBand.TO_6: _l("4 to 6 months"),
    AgeBand.TO_12: _l("7 to 12 months"),
    AgeBand.TO_24: _l("1 to 2 years"),
    AgeBand.TO_48: _l("2 to 4 years"),
    AgeBand.OLDER: _l("older than 4 years"),
}
STARS = {5: _l("5 stars"), 4: _l("4 stars"), 3: _l("3 stars"), 2: _l("2 stars"), 1: _l("1 star")}


def _lines(label: Any) -> TextAreaField:
    return TextAreaField(
        label,
        [at_most(LONGEST_LINES)],
        description=_l("One thing a line."),
        render_kw={"rows": 3, "maxlength": LONGEST_LINES},
    )


class ChangedReviewForm(Form):
    """What a review says; how old the child was then stays as it was told."""

    stars = RadioField(
        _l("How many stars?"),
        [InputRequired(_l("Choose how many stars, from 1 to 5."))],
        choices=[SelectChoice(str(count), words) for count, words in STARS.items()],
    )
    good = _lines(_l("What is good?"))
    less_good = _lines(_l("What is less good?"))
    body = TextAreaField(
        _l("Tell other parents how it is in use"),
        [at_most(LONGEST_BODY)],
        description=_l("How long do you have it? For whom does it fit, and for whom not?"),
        render_kw={"rows": 7, "maxlength": LONGEST_BODY, "data-count": _l("{count} characters left")},
    )
    title = StringField(
        _l("In one line"), [at_most(LONGEST_TITLE)], render_kw={"maxlength": LONGEST_TITLE, "autocomplete": "off"}
    )
    photo = FileField(
        _l("A photo"),
        description=_l("Of the product, rather not of your child's face. Where it was taken is removed from it."),
        render_kw={"accept": "image/jpeg,image/png,image/webp,image/gif"},
    )

    def validate_body(self, field: Any) -> None:
        """Stars alone help nobody."""
        if not any(is_visible(text or "") for text in (self.good.data, self.less_good.data, field.data)):
            raise ValidationError(_l("Say in a few words why: what is good, what is less good, or how it is in use."))

    def opinion(self, age_band: str = "") -> Opinion:
        """What was typed."""
        texts = {name: self[name].data or "" for name in ("title", "body", "good", "less_good")}
        return Opinion(stars=int(self.stars.data), age_band=age_band, **texts)


class ReviewForm(ChangedReviewForm):
    """A new review."""

    child_age = SelectField(
        _l("How old was your child when you used it?"),
        choices=[
            SelectChoice("", _l("I would rather not say")),
            *(SelectChoice(str(band), words) for band, words in AGES.items()),
        ],
        description=_l(
            "Only this range stands with the review. It stays as it is, whatever you change in your profile."
        ),
        default="",
    )
    kept = HiddenField(validators=[Length(max=LONGEST_TOKEN)])  # the token of what was written before registering


class EditedReviewForm(ChangedReviewForm):
    """A review with its photo."""

    drops_photo = BooleanField(_l("Take the photo away"))


class VoteForm(Form):
    """Whether a review helped."""

    helpful = StringField(validators=[AnyOf(["yes", "no"])])
