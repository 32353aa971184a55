"""The forms of boards: start a topic, answer, change what one wrote."""

from collections.abc import Sequence
from typing import Any

from flask import g
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from community.forums.models import Board
from community.web.forms import Answering, Form, at_most, filled

LONGEST_TITLE = 120
LONGEST_POST = 10_000
LONGEST_TOKEN = 64


def _body(label: Any, rows: int) -> TextAreaField:
    return TextAreaField(
        label,
        [filled(_l("Write something first.")), at_most(LONGEST_POST)],
        description=_l("Write as you would at the school gate. Is it about health? Ask your midwife or doctor too."),
        render_kw={"rows": rows, "maxlength": LONGEST_POST, "data-count": _l("{count} characters left")},
    )


def _title() -> StringField:
    return StringField(
        _l("Title"),
        [filled(_l("Give it a title: your question in one line.")), at_most(LONGEST_TITLE)],
        description=_l("Your question or story in one line."),
        render_kw={"maxlength": LONGEST_TITLE, "autocomplete": "off"},
    )


class WritingForm(Form):
    """What writing a topic and an answer have in common."""

    anonymous = BooleanField(
        _l("Post as anonymous parent"),
        description=_l(
            "Nobody sees who you are, here or on your profile. "
            "A moderator can look only with a reason, which is written down."
        ),
    )
    kept = HiddenField(validators=[Length(max=LONGEST_TOKEN)])  # the token of what was written before registering

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown = {"data-preview": f"{g.site.path}forums/preview", "data-preview-to": "preview"}
        self["body"].render_kw = {**self["body"].render_kw, **shown}


class TopicForm(WritingForm):
    """A new topic."""

    title = _title()
    body = _body(_l("Your text"), rows=10)


class ReplyForm(Answering, WritingForm):
    """An answer, and which post it answers."""

    body = _body(_l("Your answer"), rows=6)


class ChangedPostForm(Form):
    """Say it differently."""

    body = _body(_l("Your text"), rows=10)


class ChangedTopicForm(ChangedPostForm):
    """The opening of a topic, with its title."""

    title = _title()


class KeepForm(Form):
    """A moderator's deed on topics that asks for nothing more: pin, unpin, unlock."""


class LockForm(KeepForm):
    """Why a topic takes no more answers."""

    reason = StringField(
        _l("Why, for everybody to read in the conversation"),
        [filled(_l("Say in one sentence why.")), at_most(300)],
        render_kw={"maxlength": 300},
    )


class SlowForm(KeepForm):
    """How long one member waits between two answers, and why."""

    minutes = RadioField(
        _l("One member may answer"),
        choices=[
            SelectChoice("0", _l("as often as they like")),
            SelectChoice("5", _l("every 5 minutes")),
            SelectChoice("15", _l("every 15 minutes")),
            SelectChoice("60", _l("every hour")),
            SelectChoice("1440", _l("once a day")),
        ],
        default="15",
    )
    reason = StringField(
        _l("Why, for everybody to read in the conversation"), [at_most(300)], render_kw={"maxlength": 300}
    )


class BoardForm(Form):
    """How a moderator keeps a whole board."""

    is_quiet = BooleanField(
        _l("This board is about loss or other grief: keep it quiet"),
        description=_l(
            "Nothing of it is offered by itself: not among what is new or read most, not beside articles, not in "
            "letters. Who looks for it finds it. All conversations here follow, also those marked one by one."
        ),
    )


class MoveForm(KeepForm):
    """To which board."""

    board = SelectField(_l("To which board?"), coerce=int, choices=[])

    def __init__(self, boards: Sequence[Board], **more: Any) -> None:
        super().__init__(**more)
        self.board.choices = [SelectChoice(str(board.id), board.title) for board in boards]


class MergeForm(KeepForm):
    """Into which topic."""

    into = StringField(
        _l("The address of the conversation that stays"),
        [filled(_l("Copy the address of the conversation that stays.")), at_most(300)],
        description=_l("Its own posts stay first. The others come behind them, in their order."),
        render_kw={"maxlength": 300},
    )
