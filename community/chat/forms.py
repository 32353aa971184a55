"""The one form of a room: what somebody says."""

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField

from community.web.forms import Form, at_most, filled

LONGEST_LINE = 1_000


class LineForm(Form):
    """A line, new or said otherwise."""

    body = TextAreaField(
        _l("Say something"),
        [filled(_l("Write something first.")), at_most(LONGEST_LINE)],
        render_kw={"rows": 2, "maxlength": LONGEST_LINE, "data-count": _l("{count} characters left")},
    )
