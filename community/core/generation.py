"""How often the pages of a site have changed: a number that goes up in the commit of each change.

Whatever is kept under an older number is never found again, in no process."""

from functools import lru_cache, partial
from typing import Any

from sqlalchemy import Engine, String, bindparam, func, select
from sqlalchemy.orm import Mapped, mapped_column

from community.core.db import Model, at_the_end, db, insert_into, send


class Generation(Model):
    """The number of one site's pages."""

    __tablename__ = "generations"

    site: Mapped[str] = mapped_column(String(8), primary_key=True)
    number: Mapped[int]


ASKED = "community.generation"  # where a request carries the (site, number) that its door asked for
_OF_ALL = select(func.sum(Generation.__table__.c.number))
_OF_SITE = _OF_ALL.where(Generation.__table__.c.site == bindparam("site"))


def changed(site: str) -> None:
    """Say, in the deed's commit, that pages of this site look different from now on."""
    at_the_end(f"generation:{site}", partial(_count, site))


def number_of(site: str | None) -> int:
    """The present number of a site's pages; without a site, of all sites' pages together."""
    query, values = _asked(site)
    return db.session.connection().scalar(query, values) or 0


def _count(site: str) -> None:
    send(_counting(db.engine.dialect.name), {"site": site, "number": 1})


@lru_cache
def _counting(_dialect: str) -> Any:
    generations = Generation.__table__
    more = {"number": generations.c.number + 1}
    return insert_into(generations).on_conflict_do_update(index_elements=["site"], set_=more)


def number_at(engine: Engine, site: str | None) -> int:
    """As `number_of()`, for who asks so often that a session is too dear."""
    query, values = _asked(site)
    with engine.connect() as connection:
        return connection.scalar(query, values) or 0


def _asked(site: str | None) -> tuple[Any, dict[str, str]]:
    return (_OF_ALL, {}) if site is None else (_OF_SITE, {"site": site})
