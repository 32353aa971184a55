"""What an ambassador sends: that they join or leave, and whether they want to be seen."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField

from community.web.forms import Form


class PlainForm(Form):
    """A deed that asks for nothing more: join, leave, count it, refuse it."""


class BoardForm(Form):
    """Whether others see how much somebody helped."""

    is_on_board = BooleanField(
        _l("Show me among those who helped most"),
        description=_l(
            "With your name and the points of the last 30 days, to everybody. You can change it at any time."
        ),
    )
