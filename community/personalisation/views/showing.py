"""Lists on pages: chosen for who asks, and kept after the answer where they agreed; and what a visit remembers."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from flask import Blueprint, current_app, g, request
from werkzeug.wrappers import Response

from community.core import clock
from community.core.memory import Memory
from community.items.models import Item
from community.members.models import Visitor
from community.personalisation.policy import may_learn_from
from community.personalisation.queries.slots import offer_for
from community.personalisation.slots import LAST_READS, Offer, Place, Slot
from community.personalisation.slots_actions import keep_offers
from community.profiles.queries import Family
from community.touchpoints.actions import Gathered
from community.touchpoints.views import gather, is_machine
from community.web.access import current_member
from community.web.cache import generation_of_page

bp = Blueprint("showing", __name__)
shown = Gathered(keep_offers)
SECONDS = 2.0  # a list may wait longer than a read: nothing on the next page follows from it
VISIT = "visit"  # the cookie of a visit
_for_visitors: Memory[Sequence[Any]] = Memory(seconds=60, most=1_000)  # as long as a slot's plan


def offered(slot: Slot, family: Family, today: date, beside: Any = None, without: Collection[int] = frozenset()) -> Any:
    """What the reader of this page is offered. Visitors share their pages, so for them it is the same: it is kept
    while no page of the site changes."""
    place = Place(slot, g.site, beside)
    if not current_member().is_member:
        asked = place.site, slot, beside.id if beside else 0, frozenset(without), today, generation_of_page()
        return _for_visitors.of(asked, lambda: offer_for(Visitor(), place, Family(), today, without).recommended)
    offer = offer_for(current_member(), place, family, today, without)
    note_shown(offer)
    return offer.recommended


def note_shown(offer: Offer) -> None:
    """Say, in a view, that its page shows this list."""
    if offer.person is not None and offer.recommended and not is_machine():
        g.setdefault("shown", []).append(offer.as_log(clock.now()))


def remember_visit(response: Response, item: Item) -> None:
    """Of whom we keep nothing the browser remembers what was read, until it is closed; never a quiet item."""
    if current_member().is_member or may_learn_from(current_member()) or item.is_quiet:
        return
    read = [item.id, *(number for number in read_in_visit() if number != item.id)][:LAST_READS]
    secure = current_app.config["SESSION_COOKIE_SECURE"]
    response.set_cookie(VISIT, ".".join(map(str, read)), secure=secure, httponly=True, samesite="Lax")


def read_in_visit() -> list[int]:
    """What a visitor of whom we keep nothing read in this visit, the latest first."""
    if current_member().is_member or may_learn_from(current_member()):
        return []
    numbers = request.cookies.get(VISIT, "")[:200].split(".")
    return [int(number) for number in numbers if number.isascii() and number.isdecimal() and len(number) < 10]


@bp.after_app_request
def keep_shown(response: Response) -> Response:
    """Keep the lists of a page once it is answered."""
    for one in g.pop("shown", ()):
        gather(one, shown, SECONDS)
    return response
