"""`/marketing/segments/<id>/watch`: who enters an audience, noted once, taken as a file or told to another system."""

from functools import partial
from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from community.accounts.views.second_step import asks_code_again
from community.core.csv_out import csv_of
from community.core.db import unit_of_work
from community.core.permissions import Permission
from community.marketing import policy
from community.marketing.forms import WatchForm
from community.marketing.words import CROSSINGS, became_of
from community.members.ledger import Use
from community.segments import crossings
from community.segments.models import Crossing, Segment
from community.segments.queries import audience
from community.segments.queries import crossings as queries
from community.segments.queries.sendings import message_of
from community.web.access import current_member, needs
from community.web.answers import do_once, page
from community.web.forms import Form

bp = Blueprint("watches", __name__, url_prefix="/marketing/segments")
HERE = "/marketing/segments/"
LATEST = 50


@bp.route("/<int:segment_id>/watch", methods=["GET", "POST"])
@needs(Permission.SEGMENT_EXPORT)
@asks_code_again
def watch(segment_id: int) -> Any:
    """Begin to note who enters, and see who did and what became of it."""
    form, shown = WatchForm(), _segment_or_404(segment_id)
    if form.accepted():
        done = do_once(form, partial(_begun, form, segment_id), _("Who enters from now on is noted."))
        if done:
            return done
    watched = queries.watch_of(shown)
    return page(
        "marketing/watch.html",
        form=form,
        end_form=Form(formdata=None),
        segment=shown,
        watched=watched,
        key=crossings.key_of(watched) if watched else "",
        signed=crossings.SIGNED,
        found=queries.crossings_of(shown, queries.uses_of(shown), LATEST),
        states=CROSSINGS,
        message=message_of(segment_id),
        became_of=became_of,
    )


@bp.post("/<int:segment_id>/watch/end")
@needs(Permission.SEGMENT_EXPORT)
def end(segment_id: int) -> Response:
    """Note nobody any more."""
    with unit_of_work():
        crossings.end(_segment_or_404(segment_id), current_member())
    flash(_("Nobody is noted or told any more, and what was noted is gone."))
    return redirect(f"{HERE}{segment_id}", 303)


@bp.get("/<int:segment_id>/crossings.csv")
@needs(Permission.SEGMENT_EXPORT)
@asks_code_again
def crossings_csv(segment_id: int) -> Response:
    """Who entered, as a file; that it was made is on record before it leaves."""
    found = queries.crossings_of(_segment_or_404(segment_id), [Use.LISTS])
    table = _table(found)
    with unit_of_work():
        crossings.note_export(_segment_or_404(segment_id), [one.member_id for one in found], current_member())
    name = f'attachment; filename="segment-{segment_id}-entered.csv"'
    headers = {"Content-Disposition": name, "Cache-Control": "no-store"}
    return current_app.response_class(table, mimetype="text/csv", headers=headers)


def _table(found: list[Crossing]) -> str:
    heads = _("Name"), _("E-mail address"), _("Entered at"), _("What became of it")
    rows = [(one.member.name, one.member.email, one.entered_at.isoformat(), str(CROSSINGS[one.state])) for one in found]
    return csv_of(heads, rows)


def _begun(form: WatchForm, segment_id: int) -> str:
    crossings.begin(_segment_or_404(segment_id), form.address.data or "", current_member())
    return f"{HERE}{segment_id}/watch"


def _segment_or_404(segment_id: int) -> Segment:
    found = audience.segment_by_id(segment_id)
    if found is None or not policy.may_export(current_member(), found):
        abort(404)
    return found
