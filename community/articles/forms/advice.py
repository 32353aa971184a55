"""What an editor could still better about an article: shown beside the text, it stops nobody."""

import re

from flask_babel import gettext as _

from community.articles.actions.writing import Written
from community.core.text import plain

LONG_TITLE, LONG_SUMMARY = 70, 200
HARD_TO_READ = 50  # LIX (Björnsson 1968): newspapers lie near 45, official texts above 55
FEWEST_WORDS = 40  # a measure of readability says nothing about less
_HEADING = re.compile(r"<h([2-4])")
_BARE_PICTURE = re.compile(r'<img(?![^>]{0,600}\salt="[^"])[^>]{0,600}>')
_EMPTY_LINK = re.compile(r"<a [^>]{0,600}>\s*(?:here|click here|hier|klik hier|link)\s*</a>", re.IGNORECASE)


def advice(written: Written, body_html: str) -> list[str]:
    """Each thing that is missing or could be better, in words."""
    found = [
        (not written.picture_id, _("There is no picture yet.")),
        (bool(written.picture_id) and not written.picture_alt, _("The picture has no description.")),
        (bool(_BARE_PICTURE.search(body_html)), _("A picture in the text has no description.")),
        (not written.theme, _("It has no theme, so it stands on no theme's page.")),
        (not written.summary, _("It has no summary. It needs one before it can appear.")),
        (len(written.title) > LONG_TITLE, _("The title is very long; lists and search results cut it.")),
        (len(written.summary) > LONG_SUMMARY, _("The summary is very long. One or two sentences are enough.")),
        (skips_a_heading(body_html), _("A heading skips a level. Go from ## to ###, one step at a time.")),
        (bool(_EMPTY_LINK.search(body_html)), _("A link says only “here”. Name what stands behind it.")),
        (readability(plain(body_html)) > HARD_TO_READ, _("It is hard to read. Try shorter words and sentences.")),
        (not written.reviewer_id, _("Nobody is named who checked it. Articles about health need that.")),
        (not written.sources, _("It names no source.")),
    ]
    return [words for is_so, words in found if is_so]


def skips_a_heading(body_html: str) -> bool:
    """Whether a heading stands more than one level below the one before it."""
    levels = [1, *(int(level) for level in _HEADING.findall(body_html))]
    return any(after - before > 1 for before, after in zip(levels, levels[1:], strict=False))


def readability(text: str) -> float:
    """LIX: words a sentence plus the share of words longer than six letters; the same in every language."""
    words = re.findall(r"\w+", text)
    if len(words) < FEWEST_WORDS:
        return 0
    sentences = max(1, len(re.findall(r"[.!?:]+(?:\s|$)", text)))
    return len(words) / sentences + 100 * sum(len(word) > 6 for word in words) / len(words)
