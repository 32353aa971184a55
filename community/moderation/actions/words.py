"""Words that make a post wait, or that are not taken."""

from flask_babel import gettext as _

from community.core import audit
from community.core.db import db
from community.core.refused import Refused
from community.members.models import Member
from community.moderation.models import WatchedWord
from community.moderation.queries.screening import watched_word
from community.sites.models import Site


def watch(site: Site, word: str, is_refused: bool, moderator: Member) -> WatchedWord:
    """Watch for a word on a site, once."""
    if watched_word(site, word) is not None:
        raise Refused(_("This word is watched already."), "word")
    row = WatchedWord(site=site, word=word, is_refused=is_refused)
    db.session.add(row)
    db.session.flush()
    audit.keep("word.watched", f"word:{row.id}", moderator.id, site=site.code)
    return row


def forget(row: WatchedWord, moderator: Member) -> None:
    """Watch for it no more."""
    audit.keep("word.forgotten", f"word:{row.id}", moderator.id, site=row.site.code)
    db.session.delete(row)
