"""Reads of subscribers."""

from sqlalchemy import select

from community.core.db import db
from community.messages.models import Subscriber
from community.sites.models import Site


def subscriber(site: Site, address: str) -> Subscriber | None:
    """What a list told of an address on a site."""
    return db.session.scalar(select(Subscriber).where(Subscriber.site == site, Subscriber.address == address))
