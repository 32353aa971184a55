"""The form under an item, and the one that changes a comment."""

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField

from community.web.forms import Answering, Form, at_most, filled

LONGEST_COMMENT = 10_000


class ChangedCommentForm(Form):
    """What somebody wants to say."""

    body = TextAreaField(
        _l("Your comment"),
        [filled(_l("Write something first.")), at_most(LONGEST_COMMENT)],
        description=_l("Write as you would at the school gate. Is it about health? Ask your midwife or doctor too."),
        render_kw={"rows": 6, "maxlength": LONGEST_COMMENT},
    )


class CommentForm(Answering, ChangedCommentForm):
    """A new comment, and which one it answers."""
