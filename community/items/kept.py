"""What a stranger wrote before registering: kept for some days, given back to whoever has the token."""

import secrets
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import delete

from community.core import clock
from community.core.db import db, unit_of_work
from community.core.jobs import every, job
from community.core.refused import Refused
from community.items import queries
from community.items.models import KeptText
from community.members.queries import digest_of
from community.sites.models import Site

KEPT_FOR = timedelta(days=7)


def keep_text(site: Site, about: str, words: dict[str, str]) -> str:
    """Keep a stranger's words about a place or a thing, by field; gives the token that finds them again."""
    token, more = secrets.token_urlsafe(24), dict(words)
    texts = {"title": more.pop("title", ""), "body": more.pop("body", "")}
    db.session.add(KeptText(digest=digest_of(token), site=site, about=about, more=more, kept_at=clock.now(), **texts))
    return token


def use_kept_text(token: str, about: str) -> None:
    """It is posted in the present deed, and by no other."""
    kept = queries.kept_text(token, about)
    if kept is None:
        raise Refused(_("This text was posted before, or kept too long. Send it again if you still want to."))
    db.session.delete(kept)


@every(86_400)
@job
def forget_kept_texts() -> None:
    """Drop what nobody came back for."""
    with unit_of_work():
        db.session.execute(delete(KeptText).where(KeptText.kept_at < clock.now() - KEPT_FOR))
