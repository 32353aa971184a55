"""The form under an article, and the one that changes a comment."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, TextAreaField

from community.items.models import Post
from community.web.forms import Form, at_most, filled

LONGEST_COMMENT = 10_000
LONGEST_QUOTE = 1_000


def _as_id(typed: str | int | None) -> int | None:
    """The number of a row; 0, which no row has, where something else was sent."""
    words = str(typed or "")
    return (int(words) if words.isdecimal() and len(words) < 10 else 0) if words else None


class ChangedCommentForm(Form):
    """What somebody wants to say."""

    body = TextAreaField(
        _l("Your comment"),
        [filled(_l("Write something first.")), at_most(LONGEST_COMMENT)],
        description=_l("Write as you would at the school gate. Is it about health? Ask your midwife or doctor too."),
        render_kw={"rows": 6, "maxlength": LONGEST_COMMENT},
    )


class CommentForm(ChangedCommentForm):
    """A new comment, and which one it answers."""

    parent = HiddenField(filters=[_as_id])

    def begin_answer(self, to: Post, is_quoted: bool) -> None:
        """Start with the comment that is answered, and with its words where they are quoted."""
        self.parent.data = to.id
        if is_quoted:
            self.body.data = quotation(to.body)


def quotation(body: str) -> str:
    """Somebody's own words as a quote, without what they quoted themselves; ready to be written under."""
    own = "\n".join(line for line in body[:LONGEST_QUOTE].splitlines() if not line.startswith(">"))
    return "".join(f"> {line}\n" for line in own.strip().splitlines()) + "\n"
