"""Reads of pictures."""

from sqlalchemy import select

from community.core.db import db
from community.media.models import Picture


def picture_by_id(picture_id: int | None) -> Picture | None:
    """One picture."""
    return db.session.get(Picture, picture_id) if picture_id else None


def picture_by_digest(digest: str, alt: str | None = None) -> Picture | None:
    """The site's own picture that was made from the very same file, never a member's; with this description."""
    query = select(Picture).where(Picture.digest == digest, Picture.uploader_id.is_(None)).order_by(Picture.id)
    if alt is not None:
        query = query.where(Picture.alt == alt)
    return db.session.scalar(query.limit(1))


def latest_pictures(limit: int = 40) -> list[Picture]:
    """The site's own newest pictures, for the chooser; what members uploaded is not among them."""
    query = select(Picture).where(Picture.uploader_id.is_(None)).order_by(Picture.id.desc())
    return list(db.session.scalars(query.limit(limit)))


def pictures_by(member_id: int) -> list[Picture]:
    """What a member uploaded."""
    return list(db.session.scalars(select(Picture).where(Picture.uploader_id == member_id)))
