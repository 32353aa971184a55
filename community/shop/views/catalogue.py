"""The catalogue, and a member's own orders. A product's own page stands in reviews/."""

from dataclasses import dataclass
from functools import partial
from operator import attrgetter
from typing import Any

from flask import Blueprint, abort, g, request
from flask_babel import gettext as _

from community.core import clock
from community.core.permissions import Permission
from community.profiles.queries import family_of
from community.shop import queries
from community.shop.models import price_label
from community.shop.queries import Wish
from community.sites.queries import open_sites
from community.web.access import current_member, everyone, needs
from community.web.answers import page
from community.web.cache import shared_page
from community.web.numbering import address, asked_page, asked_stretch, path_of_page
from community.web.schema import absolute

catalogue = Blueprint("products", __name__, url_prefix="/<site:site>/products")
orders = Blueprint("orders", __name__, url_prefix="/account")
# What a product is for, as days on the axis of life stages.
STAGES = {
    "pregnancy": (-280, -1),
    "0-6": (0, 182),
    "6-12": (183, 365),
    "1-2": (366, 730),
    "2-4": (731, 1461),
}


@dataclass(frozen=True)
class Asked:
    """What the address of a list asks for; 404 where it is nothing that we have."""

    stage: str
    category: str
    sort: str

    @classmethod
    def now(cls) -> "Asked":
        """Of this request."""
        asked = cls(*(request.args.get(name, "")[:120] for name in ("stage", "category", "sort")))
        if (asked.stage and asked.stage not in STAGES) or asked.sort not in ("", "stars"):
            abort(404)
        return asked

    def path(self, **other: str) -> str:
        """The same list with something chosen otherwise, from its first page."""
        return address(
            f"{g.site.path}products/", {name: value for name, value in (vars(self) | other).items() if value}
        )


@catalogue.get("/")
@everyone
@shared_page
def products() -> Any:
    """What there is, by age and kind, with what parents say of it."""
    asked, reader = Asked.now(), current_member()
    guard = family_of(reader, clock.today(g.site.zone)).guard
    wish = Wish(g.site, reader, guard, STAGES.get(asked.stage), asked.category, asked.sort == "stars")
    stretch = asked_stretch(
        partial(queries.count_of, wish),
        partial(queries.products_on, wish),
        partial(queries.products_before, wish),
        attrgetter("id"),
    )
    return page(
        "shop/products.html",
        asked=asked,
        products=stretch.rows,
        place=stretch.place,
        older_path=stretch.older_path,
        path_of_page=path_of_page,
        stages=[] if guard else _choices(asked, "stage", _stage_names()),
        categories=_choices(asked, "category", _category_names(queries.categories(g.site, reader, guard))),
        sorts=_choices(asked, "sort", {"": _("Newest"), "stars": _("Best reviewed")}),
        address=absolute(path_of_page(stretch.place.number if stretch.place else 1)),
        alternates=[(site.language_tag, absolute(f"{site.path}products/")) for site in open_sites()],
    )


@orders.get("/orders")
@needs(Permission.ACCOUNT_OWN)
def mine() -> Any:
    """A member's own orders."""
    place = asked_page(queries.count_of_orders(current_member()))
    shown = queries.orders_of(current_member(), place.offset, place.per_page)
    return page("shop/orders.html", orders=shown, place=place, path_of_page=path_of_page)


@orders.get("/orders/<int:order_id>")
@needs(Permission.ACCOUNT_OWN)
def order(order_id: int) -> Any:
    """One order, with what can be done about each line."""
    shown = queries.order_of(current_member(), order_id) or abort(404)
    return page(
        "shop/order.html", order=shown, contact_path=f"{g.site.path}contact?about={shown.key}", price=price_label
    )


def _stage_names() -> dict[str, str]:
    return {
        "": _("All ages"),
        "pregnancy": _("Pregnancy"),
        "0-6": _("0 to 6 months"),
        "6-12": _("6 to 12 months"),
        "1-2": _("1 to 2 years"),
        "2-4": _("2 to 4 years"),
    }


def _category_names(found: list[str]) -> dict[str, str]:
    return {"": _("All kinds"), **{name: name for name in found}} if found else {}


def _choices(asked: Asked, name: str, labels: dict[str, str]) -> list[dict[str, Any]]:
    """Links that choose one value each."""
    present = getattr(asked, name)
    return [
        {"label": label, "path": asked.path(**{name: value}), "is_current": value == present}
        for value, label in labels.items()
    ]
