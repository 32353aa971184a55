"""`/studio/products/`: what goes with a product, said by a file, by the staff, or suggested by what people bought."""

from functools import partial
from typing import Any

from flask import Blueprint, abort, flash, redirect, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from community.core.db import unit_of_work
from community.core.permissions import Permission
from community.shop import policy
from community.shop.actions import relations as actions
from community.shop.forms import ConsumableForm, RelationForm
from community.shop.models import Product, RelationKind
from community.shop.queries import relations as queries
from community.shop.words import RELATIONS
from community.sites.models import Site
from community.web.access import current_member, needs, require
from community.web.answers import do_once, page
from community.web.forms import Form
from community.web.numbering import A_PAGE

bp = Blueprint("product_desk", __name__, url_prefix="/studio/products")
HERE = "/studio/products/"


@bp.get("/")
@needs(Permission.SLOT_KEEP)
def products() -> Any:
    """The products of a site by name, each with how many go with it; or those with some words in their name."""
    site, words = _asked_site(), request.args.get("q", "").strip()[:100]
    found = queries.shelf_of(site, words, A_PAGE + 1)
    return page(
        "shop/desk.html",
        site_of=site,
        sites=policy.sites_to_relate(current_member()),
        words=words,
        found=found[:A_PAGE],
        has_more=len(found) > A_PAGE,
    )


@bp.get("/<int:product_id>")
@needs(Permission.SLOT_KEEP)
def product(product_id: int) -> Any:
    """What goes with one product."""
    return _page(_product_or_404(product_id), RelationForm())


@bp.post("/<int:product_id>/relations")
@needs(Permission.SLOT_KEEP)
def relate(product_id: int) -> Any:
    """Say that another one goes with it; a suggestion is taken in the same way."""
    form, shown = RelationForm(), _product_or_404(product_id)
    if form.accepted():
        done = do_once(form, partial(_related, form, product_id), _("Kept. It stands in lists from now on."))
        if done:
            return done
    return _page(shown, form, form)


@bp.post("/<int:product_id>/relations/<int:other_id>/part")
@needs(Permission.SLOT_KEEP)
def part(product_id: int, other_id: int) -> Response:
    """Say that it does not any more."""
    with unit_of_work():
        relation = queries.relation_between(product_id, other_id) or abort(404)
        actions.part(relation, _product_or_404(product_id), current_member())
    flash(_("They go with each other no more."))
    return redirect(f"{HERE}{product_id}", 303)


@bp.post("/<int:product_id>/consumable")
@needs(Permission.SLOT_KEEP)
def consumable(product_id: int) -> Any:
    """Say whether it is used up."""
    form, shown = ConsumableForm(), _product_or_404(product_id)
    if form.accepted():
        with unit_of_work():
            actions.set_consumable(_product_or_404(product_id), bool(form.is_consumable.data), current_member())
        flash(_("Kept."))
        return redirect(f"{HERE}{product_id}", 303)
    return _page(shown, RelationForm(formdata=None), form)


def _page(shown: Product, form: RelationForm, sent: Form | None = None) -> Any:
    return page(
        "shop/product_desk.html",
        sent,
        product=shown,
        relation_form=form,
        consumable_form=ConsumableForm(formdata=None, is_consumable=shown.is_consumable),
        token_form=Form(formdata=None),
        relations=queries.relations_of(shown),
        suggested=queries.bought_together(shown),
        kinds=RELATIONS,
    )


def _related(form: RelationForm, product_id: int) -> str:
    actions.relate(_product_or_404(product_id), form.path.data or "", RelationKind(form.kind.data), current_member())
    return f"{HERE}{product_id}"


def _product_or_404(product_id: int) -> Product:
    found = queries.product_by_id(product_id) or abort(404)
    require(policy.may_relate(current_member(), found))
    return found


def _asked_site() -> Site:
    """The site that `?of=` names, of those whose products one may relate; else one's own, or the first of them."""
    sites, home = policy.sites_to_relate(current_member()), current_member().site
    require(bool(sites))
    usual = home if home in sites else sites[0]
    return next((site for site in sites if site.code == request.args.get("of")), usual)
