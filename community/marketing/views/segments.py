"""`/marketing/segments/`: audiences. They are put together without JavaScript, and read as a sentence."""

from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from community.accounts.views.second_step import asks_code_again
from community.core import clock
from community.core.csv_out import csv_of
from community.core.db import unit_of_work
from community.core.permissions import Permission
from community.marketing import policy
from community.marketing.forms import SegmentForm
from community.marketing.starts import STARTS
from community.members.actions import note_uses
from community.members.ledger import Use
from community.profiles.words import PHASES
from community.segments import actions
from community.segments.conditions import as_json, of_json
from community.segments.models import Segment
from community.segments.queries import audience
from community.segments.queries.choices import offer_of
from community.segments.queries.fields import FIELDS
from community.segments.queries.kinds import GROUPS
from community.segments.words import mistake_of, sentence
from community.sites.models import Site
from community.web.access import current_member, needs, require
from community.web.answers import do_once, page
from community.web.forms import Form
from community.web.numbering import A_PAGE, address, asked_number

bp = Blueprint("segments", __name__, url_prefix="/marketing/segments")
HERE = "/marketing/segments/"


@bp.get("/")
@needs(Permission.SEGMENT_KEEP)
def segments() -> Any:
    """The saved audiences, each as its sentence."""
    sites = policy.sites_of(current_member(), Permission.SEGMENT_KEEP)
    found = audience.segments_of(sites)
    offers = {site: offer_of(site) for site in {segment.site for segment in found}}
    told = [(segment, sentence(of_json(segment.conditions), segment.site, offers[segment.site])) for segment in found]
    return page("marketing/segments.html", told=told, sites=sites, starts=STARTS)


@bp.route("/new", methods=["GET", "POST"])
@needs(Permission.SEGMENT_KEEP)
def new() -> Any:
    """Put an audience together; its counts are counted at each press of a button."""
    site, start = _asked_site(), STARTS.get(request.args.get("start", ""))
    offer = offer_of(site)
    form = SegmentForm(offer, as_json(start.tree_for(offer)), name=start.name) if start else SegmentForm(offer)
    if form.is_saving and form.accepted():
        done = do_once(form, lambda: _kept(form, site), _("Kept. It holds whoever fits, from now on."))
        if done:
            return done
    return _builder(form, site, f"{HERE}new?of={site.code}")


@bp.route("/<int:segment_id>/edit", methods=["GET", "POST"])
@needs(Permission.SEGMENT_KEEP)
def edit(segment_id: int) -> Any:
    """Change a saved audience, or its name."""
    segment = _segment_or_404(segment_id)
    form = SegmentForm(offer_of(segment.site), segment.conditions, name=segment.name)
    if form.is_saving and form.accepted():
        done = do_once(form, lambda: _changed(form, segment_id), _("Kept."))
        if done:
            return done
    return _builder(form, segment.site, f"{HERE}{segment_id}/edit")


@bp.get("/<int:segment_id>")
@needs(Permission.SEGMENT_KEEP)
def segment(segment_id: int) -> Any:
    """A saved audience: its sentence, its counts, three of its members, and the list of all."""
    shown = _segment_or_404(segment_id)
    tree = of_json(shown.conditions)
    rows = audience.page_of(tree, shown.site, asked_number("before"), A_PAGE + 1)
    older = address(request.path, {"before": rows[A_PAGE - 1][0].id}) + "#members" if len(rows) > A_PAGE else ""
    return page(
        "marketing/segment.html",
        form=Form(formdata=None),
        segment=shown,
        sentence=sentence(tree, shown.site, offer_of(shown.site)),
        heads=audience.heads(tree, shown.site),
        some=audience.some_of(tree, shown.site),
        rows=rows[:A_PAGE],
        older=older,
        phases=PHASES,
        may_export=policy.may_export(current_member(), shown),
    )


@bp.get("/<int:segment_id>/members.csv")
@needs(Permission.SEGMENT_EXPORT)
@asks_code_again
def members_csv(segment_id: int) -> Response:
    """All of them as a file; that it was made is on record before it leaves."""
    shown = _segment_or_404(segment_id)
    require(policy.may_export(current_member(), shown))
    rows = audience.all_of(of_json(shown.conditions), shown.site, Use.LISTS)
    with unit_of_work():
        note_uses([member.id for member, *_rest in rows], Use.LISTS, clock.now())
        actions.note_export(_segment_or_404(segment_id), current_member(), len(rows))
    named = {"Content-Disposition": f'attachment; filename="segment-{segment_id}.csv"', "Cache-Control": "no-store"}
    return current_app.response_class(_table(rows), mimetype="text/csv", headers=named)


@bp.route("/<int:segment_id>/remove", methods=["GET", "POST"])
@needs(Permission.SEGMENT_KEEP)
def remove(segment_id: int) -> Any:
    """Throw it away; the members stay as they are."""
    form, shown = Form(), _segment_or_404(segment_id)
    if form.accepted():
        with unit_of_work():
            actions.remove_segment(_segment_or_404(segment_id), current_member())
        flash(_("The audience is gone. Its members are as they were."))
        return redirect(HERE, 303)
    return page("marketing/remove_segment.html", form=form, segment=shown)


def _builder(form: SegmentForm, site: Site, path: str) -> Any:
    is_right = bool(form.blocks) and not mistake_of(form.tree, form.offer)
    return page(
        "marketing/edit_segment.html",
        form=form,
        path=path,
        site_of=site,
        sites=policy.sites_of(current_member(), Permission.SEGMENT_KEEP),
        sentence=sentence(form.tree, site, form.offer) if is_right else "",
        heads=audience.heads(form.tree, site) if is_right else None,
        some=audience.some_of(form.tree, site) if is_right else [],
        groups=[(group, [(k, f.label) for k, f in FIELDS.items() if f.group is group]) for group in GROUPS],
    )


def _table(rows: list[Any]) -> str:
    yes_or_no = {True: _("yes"), False: _("no")}
    heads = _("Name"), _("E-mail address"), _("Site"), _("Member since"), _("Phase")
    return csv_of(
        (*heads, _("Agreed to mail"), _("Agreed to offers"), _("May be mailed an offer")),
        [
            (
                member.name,
                member.email,
                member.site.code,
                member.joined_at.date().isoformat(),
                PHASES[standing.phase] if standing and standing.phase else "",
                yes_or_no[member.mail],
                yes_or_no[member.offers],
                yes_or_no[bool(is_reachable)],
            )
            for member, standing, is_reachable in rows
        ],
    )


def _kept(form: SegmentForm, site: Site) -> str:
    return f"{HERE}{actions.keep_segment(site, current_member(), form.name.data or '', form.tree).id}"


def _changed(form: SegmentForm, segment_id: int) -> str:
    actions.change_segment(_segment_or_404(segment_id), current_member(), form.name.data or "", form.tree)
    return f"{HERE}{segment_id}"


def _asked_site() -> Site:
    """The site that `?of=` names, of those that one may keep audiences of; else the first of them."""
    sites = policy.sites_of(current_member(), Permission.SEGMENT_KEEP)
    home = current_member().site
    usual = home if home in sites else sites[0]
    return next((site for site in sites if site.code == request.args.get("of")), usual)


def _segment_or_404(segment_id: int) -> Segment:
    found = audience.segment_by_id(segment_id)
    if found is None or not policy.may_keep(current_member(), found):
        abort(404)
    return found
