"""What can be done to a saved audience: keep, change, throw away, write what who enters is sent. Each is on record."""

from dataclasses import asdict, dataclass
from typing import Any

from flask_babel import gettext as _

from community.core import audit, clock
from community.core.db import db
from community.core.refused import Refused
from community.core.text import own_path
from community.members.models import Member
from community.segments.conditions import Tree, as_json, clauses_of
from community.segments.crossings import take_as_inside
from community.segments.models import Segment, WatchMessage
from community.segments.queries.choices import offer_of
from community.segments.queries.sendings import message_of
from community.segments.sending import forget_waiting
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


@dataclass(frozen=True)
class Wording:
    """A message as somebody wrote it, and how it goes."""

    subject: str
    text: str
    path: str
    is_offer: bool
    by_mail: bool
    by_notice: bool
    is_once: bool


def write_message(segment: Segment, wording: Wording, actor: Member) -> WatchMessage:
    """Who enters a watched audience from now on is sent this; who is in it is not."""
    if own_path(wording.path) is None:
        raise Refused(_("Give an address on this site: it begins with a slash."), "path")
    if not wording.by_mail and not wording.by_notice:
        raise Refused(_("Choose a letter, the bell, or both."), "by_mail")
    message = message_of(segment.id) or WatchMessage(segment_id=segment.id)
    for name, value in asdict(wording).items():
        setattr(message, name, value)
    message.written_at = clock.now()
    db.session.add(message)
    take_as_inside(segment)
    audit.keep("segment.message_written", segment.key, actor.id, is_offer=wording.is_offer)
    return message


def take_message_away(segment: Segment, actor: Member) -> None:
    """Nobody is sent anything any more; nor who waits."""
    message = message_of(segment.id)
    if message is not None:
        forget_waiting(segment.id)
        db.session.delete(message)
        audit.keep("segment.message_removed", segment.key, actor.id)


def note_export(segment: Segment, actor: Member, rows: int) -> None:
    """That the members of an audience left the house in a file."""
    audit.keep("segment.exported", segment.key, actor.id, rows=rows)


def _checked(tree: Tree, site: Site) -> dict[str, Any]:
    if not list(clauses_of(tree)):
        raise Refused(_("Add a condition first: an audience without one is everybody."))
    if wrong := mistake_of(tree, offer_of(site)):
        raise Refused(wrong)
    return as_json(tree)
