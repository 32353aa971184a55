"""A slot as somebody finds it, before members do: somebody made up, one member, or three of a segment."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import request

from community.core import clock
from community.core.db import unit_of_work
from community.core.permissions import Permission
from community.items.models import Item
from community.members.models import Member
from community.members.queries import member_by_username
from community.personalisation import policy
from community.personalisation.persona import Persona, persona_of
from community.personalisation.queries import plans
from community.personalisation.queries.slots import offer_for
from community.personalisation.slots import BESIDE, Channel, Offer, Place, Slot
from community.profiles.actions import note_look
from community.profiles.queries import family_of
from community.segments.conditions import of_json
from community.segments.models import Segment
from community.segments.queries import audience
from community.sites.models import Site
from community.web.access import current_member

CHANNELS = {Slot.MAIL: Channel.MAIL, Slot.LEAFLET: Channel.PRINT}


@dataclass(frozen=True)
class Tried:
    """What each of these is offered: nothing of it is kept, but that a member's list was looked at."""

    persona: Persona
    path: str  # of the item that it stands beside
    username: str
    segment: Segment | None
    offers: list[tuple[Member | None, Offer]]  # without a member: what the persona is offered
    needs_item: bool = False

    @property
    def recommended(self) -> list[Any]:
        """The first list."""
        return list(self.offers[0][1].recommended) if self.offers else []


def tried(site: Site, slot: Slot) -> Tried:
    """As the address asks: `member`, `segment` or `as`, `stage` and `number`, and `beside` where the slot stands
    beside an item."""
    path, username = request.args.get("beside", "").strip(), request.args.get("member", "").strip()
    beside = plans.item_at(site, path) if slot in BESIDE else None
    needs_item = slot in BESIDE and beside is None
    segment = _segment(site)
    offers = [] if needs_item else _offers(site, slot, beside, username, segment)
    return Tried(_persona(), path, username, segment, offers, needs_item)


def segments_to_try(site: Site) -> list[Segment]:
    """Those of a site that one may look into."""
    may = current_member().can(Permission.SEGMENT_KEEP, site) and current_member().can(Permission.PROFILE_VIEW, site)
    return audience.segments_of([site]) if may else []


def _offers(
    site: Site, slot: Slot, beside: Item | None, username: str, segment: Segment | None
) -> list[tuple[Member | None, Offer]]:
    today, place = clock.today(site.zone), Place(slot, site, beside, CHANNELS.get(slot, Channel.WEB))
    if not username and segment is None:
        persona = _persona()
        return [(None, offer_for(persona, place, persona.family(today), today))]
    members = _looked_at(_some_of(segment) if segment else [member_by_username(username)])
    return [(one, offer_for(one, place, family_of(one, today), today)) for one in members]


def _looked_at(members: Iterable[Member | None]) -> list[Member]:
    """Those whose list one may see; that it was looked at is on record before it is."""
    actor = current_member()
    seen = [one for one in members if one is not None and policy.may_look_through(actor, one)]
    with unit_of_work():
        for one in seen:
            note_look(one, actor)
    return seen


def _some_of(segment: Segment) -> list[Member]:
    return [row[0] for row in audience.some_of(of_json(segment.conditions), segment.site)]


def _segment(site: Site) -> Segment | None:
    number = request.args.get("segment", type=int)
    return next((one for one in segments_to_try(site) if one.id == number), None) if number else None


def _persona() -> Persona:
    number = request.args.get("number", 24, type=int)
    return persona_of(request.args.get("stage", ""), number, request.args.get("as") != "visitor")
