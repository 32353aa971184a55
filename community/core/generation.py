"""How often the pages of a site have changed: a number that goes up in the commit of each change.

Whatever is kept under an older number is never found again, in no process."""

from functools import partial

from sqlalchemy import String, func, select
from sqlalchemy.orm import Mapped, mapped_column

from community.core.db import Model, at_the_end, db, insert_into


class Generation(Model):
    """The number of one site's pages."""

    __tablename__ = "generations"

    site: Mapped[str] = mapped_column(String(8), primary_key=True)
    number: Mapped[int]


def changed(site: str) -> None:
    """Say, in the deed's commit, that pages of this site look different from now on."""
    at_the_end(f"generation:{site}", partial(_count, site))


def number_of(site: str | None) -> int:
    """The present number of a site's pages; without a site, of all sites' pages together."""
    query = select(func.sum(Generation.number))
    return db.session.scalar(query if site is None else query.where(Generation.site == site)) or 0


def _count(site: str) -> None:
    first = insert_into(Generation).values(site=site, number=1)
    more = {"number": Generation.number + 1}
    db.session.execute(first.on_conflict_do_update(index_elements=["site"], set_=more))
