"""Pictures and where their files lie."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from community.core.db import Model
from community.members.models import Member


class Picture(Model):
    """One picture: re-encoded, without EXIF; `widths` are the renditions that exist, smallest first.

    A drawing (SVG) comes only from the program's own demonstration, never from an upload."""

    __tablename__ = "pictures"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)  # random; the file is <name>-<width>.<suffix>
    suffix: Mapped[str] = mapped_column(String(5))
    width: Mapped[int]
    height: Mapped[int]
    widths: Mapped[list[int]] = mapped_column(JSON)
    alt: Mapped[str] = mapped_column(String(300))  # the description for who cannot see it
    label: Mapped[str] = mapped_column(String(120), default="")  # the name that its file had, a label only
    digest: Mapped[str] = mapped_column(String(64), index=True)
    uploader_id: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime]

    uploader: Mapped[Member | None] = relationship(lazy="raise_on_sql")

    def path(self, width: int = 640) -> str:
        """The address of the smallest rendition that is at least this wide, else of the widest."""
        fitting = next((w for w in self.widths if w >= width), self.widths[-1])
        return f"/media/{self.file(fitting)}"

    def file(self, width: int) -> str:
        """The name of the rendition that is so wide."""
        return f"{self.name}-{width}.{self.suffix}"

    @property
    def srcset(self) -> str:
        """All renditions for an `img`; empty for a drawing, which fits any width."""
        if self.suffix == "svg":
            return ""
        return ", ".join(f"/media/{self.file(width)} {width}w" for width in self.widths)

    @property
    def key(self) -> str:
        """How other things name this picture."""
        return f"picture:{self.id}"
