"""What an editor typed and has not saved. Only saving it, or "Throw away", makes it go."""

from typing import Any

from sqlalchemy import delete

from community.articles.models import Draft
from community.articles.queries import desk
from community.core import clock
from community.core.db import db
from community.members.models import Member


def keep_draft(member: Member, about: str, fields: dict[str, Any]) -> Draft:
    """Keep this text, in the place of what was kept before about the same thing."""
    draft = desk.draft(member.id, about)
    if draft is None:
        draft = Draft(member_id=member.id, about=about)
        db.session.add(draft)
    draft.fields, draft.kept_at = fields, clock.now()
    return draft


def drop_draft(member: Member, about: str) -> None:
    """It was saved, or thrown away."""
    db.session.execute(delete(Draft).where(Draft.member_id == member.id, Draft.about == about))


def erase(member_id: int) -> None:
    """A member is gone: unsaved texts go too. What they saved belongs to the site and stays, without a name."""
    db.session.execute(delete(Draft).where(Draft.member_id == member_id))
