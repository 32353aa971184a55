"""What can be done to a saved audience: keep, change, throw away. Each deed is on record."""

from typing import Any

from flask_babel import gettext as _

from community.core import audit, clock
from community.core.db import db
from community.core.refused import Refused
from community.members.models import Member
from community.segments.conditions import Tree, as_json, clauses_of
from community.segments.crossings import take_as_inside
from community.segments.models import Segment
from community.segments.queries.choices import offer_of
from community.segments.words import mistake_of
from community.sites.models import Site


def keep_segment(site: Site, maker: Member, name: str, tree: Tree) -> Segment:
    """A new saved audience."""
    now = clock.now()
    segment = Segment(site=site, name=name, conditions=_checked(tree, site), maker_id=maker.id)
    segment.created_at = segment.changed_at = now
    db.session.add(segment)
    db.session.flush()
    audit.keep("segment.kept", segment.key, maker.id)
    return segment


def change_segment(segment: Segment, actor: Member, name: str, tree: Tree) -> None:
    """Another name, other conditions."""
    segment.name, segment.conditions, segment.changed_at = name, _checked(tree, segment.site), clock.now()
    take_as_inside(segment)
    audit.keep("segment.changed", segment.key, actor.id)


def remove_segment(segment: Segment, actor: Member) -> None:
    """Throw a saved audience away; nobody in it notices."""
    audit.keep("segment.removed", segment.key, actor.id)
    db.session.delete(segment)


def note_export(segment: Segment, actor: Member, rows: int) -> None:
    """That the members of an audience left the house in a file."""
    audit.keep("segment.exported", segment.key, actor.id, rows=rows)


def _checked(tree: Tree, site: Site) -> dict[str, Any]:
    if not list(clauses_of(tree)):
        raise Refused(_("Add a condition first: an audience without one is everybody."))
    if wrong := mistake_of(tree, offer_of(site)):
        raise Refused(wrong)
    return as_json(tree)
