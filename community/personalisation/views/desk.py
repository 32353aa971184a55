"""`/studio/slots/`: how each slot of a site is filled, tried out on somebody made up before members see it."""

from functools import partial
from typing import Any

from flask import Blueprint, abort, request
from flask_babel import gettext as _

from community.core.permissions import Permission
from community.core.stages import LAST_MONTH, LAST_WEEK
from community.personalisation import slots_actions as actions
from community.personalisation.forms import HoldoutForm, RulesForm
from community.personalisation.policy import sites_to_fill
from community.personalisation.queries import plans
from community.personalisation.slots import Slot, rules_of
from community.personalisation.views.trying import segments_to_try, tried
from community.personalisation.words import PARTS, SLOTS, STAGES, sentence
from community.sites.models import SITES, Site
from community.web.access import current_member, needs, require
from community.web.answers import do_once, page
from community.web.numbering import address
from community.web.pictures import squares_of
from community.web.schema import absolute

bp = Blueprint("slots", __name__, url_prefix="/studio/slots")
HERE = "/studio/slots/"


@bp.get("/")
@needs(Permission.SLOT_KEEP)
def slots() -> Any:
    """The slots of a site, each with its rules as a sentence; and the experiments that run."""
    site = asked_site()
    settings, running = plans.settings_of(site), {one.slot: one for one in plans.running_at(site)}
    told = [
        (slot, sentence(plans.present_rules(site, slot)), settings.get(slot.value), running.get(slot.value))
        for slot in Slot
    ]
    return page(
        "personalisation/slots.html",
        form=HoldoutForm(formdata=None),
        site_of=site,
        sites=sites_to_fill(current_member()),
        told=told,
        names=SLOTS,
        experiments=list(running.values()),
        holdout=running.get(None),
    )


@bp.route("/<string:name>", methods=["GET", "POST"])
@needs(Permission.SLOT_KEEP)
def slot(name: str) -> Any:
    """One slot: its rules, and what somebody made up is offered by them."""
    shown, site, form = slot_or_404(name), asked_site(), RulesForm()
    if form.accepted():
        done = do_once(form, partial(_changed, form, site, shown), _("Kept. It counts within a minute."))
        if done:
            return done
    rules = plans.present_rules(site, shown)
    if request.method == "GET":
        form.show(rules, plans.paths_of(rules.pins))
    return page(
        "personalisation/slot.html",
        form=form,
        site_of=site,
        slot=shown,
        name=SLOTS[shown],
        path=address(f"{HERE}{shown}", {"of": site.code}),
        setting=plans.setting_of(site, shown),
        running=plans.running_in(site, shown),
        sentence=sentence(rules),
        parts=PARTS,
        stages=STAGES,
        last_number=max(LAST_WEEK, LAST_MONTH),
        sites=sites_to_fill(current_member()),
        segments=segments_to_try(site),
        may_look=current_member().can(Permission.PROFILE_VIEW, site),
        tried=tried(site, shown),
    )


@bp.get("/leaflet/print")
@needs(Permission.SLOT_KEEP)
def leaflet() -> Any:
    """The slot on paper, for a persona: each item with the address that a phone reads."""
    site = asked_site()
    return page(
        "personalisation/leaflet.html",
        site_of=site,
        lines=[(one, squares_of(absolute(one.item.path))) for one in tried(site, Slot.LEAFLET).recommended],
        absolute=absolute,
    )


def slot_or_404(name: str) -> Slot:
    """The slot of this name."""
    return Slot(name) if name in set(Slot) else abort(404)


def asked_site() -> Site:
    """The site that `?of=` names, of those whose slots one may set; else one's own, or the first of them."""
    sites = sites_to_fill(current_member())
    require(bool(sites))
    home = current_member().site
    named = SITES.get(request.args.get("of", ""))
    require(named is None or named in sites)
    return named or (home if home in sites else sites[0])


def _changed(form: RulesForm, site: Site, slot: Slot) -> str:
    setting = plans.setting_of(site, slot)
    rules = form.rules(site)
    if setting is None or rules_of(setting.rules) != rules:
        actions.change_rules(site, slot, rules, current_member())
    return address(f"{HERE}{slot}", {"of": site.code})
