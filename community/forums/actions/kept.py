"""What a stranger wrote before registering: kept for some days, given back to whoever has the token."""

import secrets
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import delete

from community.core import clock
from community.core.db import db, unit_of_work
from community.core.jobs import every, job
from community.core.refused import Refused
from community.forums.models import KeptText
from community.forums.queries import topics as queries
from community.members.queries import digest_of
from community.sites.models import Site

KEPT_FOR = timedelta(days=7)


def keep_text(site: Site, about: str, title: str, body: str) -> str:
    """Keep a stranger's words about a board or a topic; gives the token that finds them again."""
    token = secrets.token_urlsafe(24)
    kept = KeptText(digest=digest_of(token), site=site, about=about, title=title, body=body, kept_at=clock.now())
    db.session.add(kept)
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
