"""Reads of pictures."""

from sqlalchemy import select

from community.core.db import db
from community.media.models import Picture


def picture_by_id(picture_id: int | None) -> Picture | None:
    """One picture."""
    return db.session.get(Picture, picture_id) if picture_id else None


def picture_by_digest(digest: str) -> Picture | None:
    """The picture that was made from the very same file."""
    return db.session.scalar(select(Picture).where(Picture.digest == digest).limit(1))


def latest_pictures(limit: int = 40) -> list[Picture]:
    """The newest pictures, for the chooser."""
    return list(db.session.scalars(select(Picture).order_by(Picture.id.desc()).limit(limit)))


def pictures_by(member_id: int) -> list[Picture]:
    """What a member uploaded."""
    return list(db.session.scalars(select(Picture).where(Picture.uploader_id == member_id)))
