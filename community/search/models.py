"""What the index has yet to learn."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from community.core.db import Model


class IndexChange(Model):
    """A thing whose words or standing changed, written in the commit of the change; each index reads on by its
    own bookmark."""

    __tablename__ = "index_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40))
