"""What waits for a moderator comes here: once while it waits."""

from community.core import clock
from community.core.db import db
from community.items.models import Item, Post
from community.members.models import Member
from community.moderation.models import Concern, ConcernKind
from community.moderation.policy import Thing, site_of
from community.moderation.queries import concerns as queries


def raise_concern(thing: Thing, kind: ConcernKind, reason: str, harm: int = 1) -> Concern:
    """Let a thing wait for a moderator; what waits already becomes as grave as the gravest reason."""
    concern = queries.open_concern(thing.key)
    if concern is None:
        concern = _new(thing, kind, reason, harm)
    elif harm > concern.harm:
        concern.reason, concern.harm = reason, harm
    return concern


def let_go(thing: Thing) -> None:
    """What its writer took away before others read it waits for nobody; what was reported still does."""
    concern = queries.open_concern(thing.key)
    if concern is not None and not concern.reports:
        db.session.delete(concern)


def take(concern: Concern, moderator: Member) -> None:
    """Say that somebody looks at it, so that nobody else does for some minutes."""
    concern.taken_by_id, concern.taken_at = moderator.id, clock.now()


def _new(thing: Thing, kind: ConcernKind, reason: str, harm: int) -> Concern:
    concern = Concern(
        about=thing.key,
        open_key=thing.key,
        post_id=thing.id if isinstance(thing, Post) else None,
        item_id=thing.id if isinstance(thing, Item) else None,
        person_id=thing.id if isinstance(thing, Member) else None,
        site=site_of(thing),
        kind=kind,
        reason=reason,
        harm=harm,
        opened_at=clock.now(),
        reports=[],
    )
    db.session.add(concern)
    db.session.flush()
    return concern
