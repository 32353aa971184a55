"""`/studio/slots/<slot>/weights`: how much each reason weighs in a slot, how it was learned, and the way back."""

from typing import Any

from flask import Blueprint, flash, redirect
from flask_babel import gettext as _

from community.core.db import unit_of_work
from community.core.permissions import Permission
from community.personalisation import training
from community.personalisation.queries import weights as queries
from community.personalisation.slots import Slot
from community.personalisation.views.desk import HERE, asked_site, slot_or_404
from community.personalisation.words import SLOTS, weights_in_words
from community.web.access import current_member, needs
from community.web.answers import page
from community.web.forms import Form
from community.web.numbering import address

bp = Blueprint("weights", __name__, url_prefix="/studio/slots")
WHOLE_SITE = "all"


@bp.get("/<string:name>/weights")
@needs(Permission.SLOT_KEEP)
def weights(name: str) -> Any:
    """What counts now, and each change that was learned with what it was worth."""
    slot, site = _slot_or_site(name), asked_site()
    return page(
        "personalisation/weights.html",
        form=Form(formdata=None),
        site_of=site,
        slot=slot,
        name=SLOTS[slot] if slot else _("All slots"),
        path=f"{HERE}{name}/weights",
        now=weights_in_words(queries.blend_of(site, slot)),
        changes=[(one, weights_in_words(queries.as_blend(one))) for one in queries.changes_of(site, slot)],
    )


@bp.post("/<string:name>/weights/back")
@needs(Permission.SLOT_KEEP)
def back(name: str) -> Any:
    """What counted before the last change counts again."""
    slot, site, form = _slot_or_site(name), asked_site(), Form()
    if form.accepted():
        with unit_of_work():
            training.go_back(site, slot, current_member())
        flash(_("Done. What counted before counts again."))
    return redirect(address(f"{HERE}{name}/weights", {"of": site.code}), 303)


def _slot_or_site(name: str) -> Slot | None:
    return None if name == WHOLE_SITE else slot_or_404(name)
