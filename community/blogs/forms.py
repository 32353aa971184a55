"""The forms of blogs: a story, and a deed that asks for nothing more."""

from collections.abc import Sequence
from typing import Any

from flask_babel import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import MultipleFileField
from wtforms import RadioField, SelectChoice, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import Length
from wtforms.widgets import CheckboxInput

from community.blogs.actions import MOST_PHOTOS, Story
from community.groups.models import Group
from community.items.models import Visibility
from community.media.models import Picture
from community.web.forms import Form, at_most, filled

LONGEST_TITLE, LONGEST_STORY = 120, 50_000


class StoryForm(Form):
    """A story with its audience. Where a photo comes along, it is for members unless chosen otherwise."""

    title = StringField(
        _l("Title"),
        [filled(_l("Give your story a title.")), at_most(LONGEST_TITLE)],
        render_kw={"maxlength": LONGEST_TITLE, "autocomplete": "off"},
    )
    body = TextAreaField(
        _l("Your story"),
        [filled(_l("Write something first.")), at_most(LONGEST_STORY)],
        description=_l("An empty line begins a new paragraph. Links and @names work; **two stars** make it bold."),
        render_kw={"rows": 16, "maxlength": LONGEST_STORY},
    )
    drops = SelectMultipleField(_l("Take photos away"), choices=[], coerce=int, option_widget=CheckboxInput())
    photos = MultipleFileField(
        _l("Photos"),
        [Length(max=MOST_PHOTOS, message=_l("Choose at most %(max)d photos."))],
        description=_l(
            "At most %(most)s in a story, and 12 MB at once. Rather not of your child's face. Where they were taken is "
            "removed from them.",
            most=MOST_PHOTOS,
        ),
        render_kw={"accept": "image/jpeg,image/png,image/webp,image/gif"},
    )
    audience = RadioField(_l("Who may read it?"), choices=[], default=Visibility.MEMBERS.value)

    def __init__(self, clubs: list[Group], shown: Sequence[Picture] = (), **more: Any) -> None:
        super().__init__(**more)
        self.drops.choices = [
            SelectChoice(value=photo.id, label=_("Photo %(number)s", number=number))
            for number, photo in enumerate(shown, 1)
        ]
        self.audience.choices = [
            SelectChoice(value=Visibility.PUBLIC.value, label=_("Everybody")),
            SelectChoice(value=Visibility.MEMBERS.value, label=_("Members, as with photos of children")),
            *(_club(club) for club in clubs),
            SelectChoice(value=Visibility.ME.value, label=_("Only I")),
        ]

    def story(self) -> Story:
        """What was typed."""
        kind, _dash, number = (self.audience.data or "").partition("-")
        group_id = int(number) if number else None
        return Story(self.title.data or "", self.body.data or "", Visibility(kind), group_id)


def _club(club: Group) -> SelectChoice:
    month = format_date(club.first_day, "MMMM y")
    return SelectChoice(value=f"club-{club.id}", label=_("My club %(month)s", month=month))


class PlainForm(Form):
    """Withdraw, take away, agree: no words are needed."""
