"""`/studio/experiments/`: two ways of filling a slot beside each other, and what came of it."""

from functools import partial
from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from community.core.csv_out import csv_of
from community.core.db import unit_of_work
from community.core.permissions import Permission
from community.core.refused import Refused
from community.personalisation import slots_actions as actions
from community.personalisation.experiments import FEWEST
from community.personalisation.forms import ExperimentForm, HoldoutForm
from community.personalisation.models import Experiment
from community.personalisation.policy import sites_to_fill
from community.personalisation.queries import plans
from community.personalisation.queries.plans import Report
from community.personalisation.slots import Rules, Slot, rules_of
from community.personalisation.slots_actions import FOLLOWED
from community.personalisation.views.desk import HERE as SLOTS_HERE
from community.personalisation.views.desk import asked_site, slot_or_404
from community.personalisation.words import SLOTS, sentence
from community.sites.models import Site
from community.web.access import current_member, needs
from community.web.answers import do_once, page
from community.web.forms import Form
from community.web.numbering import address

bp = Blueprint("experiments", __name__, url_prefix="/studio/experiments")
HERE = "/studio/experiments/"


@bp.get("/")
@needs(Permission.SLOT_KEEP)
def experiments() -> Any:
    """All experiments of a site, those that run first."""
    site = asked_site()
    return page(
        "personalisation/experiments.html",
        site_of=site,
        sites=sites_to_fill(current_member()),
        running=plans.running_at(site),
        ended=plans.ended_at(site),
        names=SLOTS,
    )


@bp.route("/new/<string:name>", methods=["GET", "POST"])
@needs(Permission.SLOT_KEEP)
def new(name: str) -> Any:
    """Let some see a slot in another way."""
    slot, site, form = slot_or_404(name), asked_site(), ExperimentForm()
    if form.accepted():
        done = do_once(form, partial(_begun, form, site, slot), _("It has begun. First figures come in a week."))
        if done:
            return done
    rules = plans.present_rules(site, slot)
    if not form.is_submitted():
        form.show(rules, plans.paths_of(rules.pins))
    return page(
        "personalisation/new_experiment.html",
        form=form,
        site_of=site,
        slot=slot,
        name=SLOTS[slot],
        path=address(f"{HERE}new/{slot}", {"of": site.code}),
        sentence=sentence(rules),
    )


@bp.post("/holdout")
@needs(Permission.SLOT_KEEP)
def hold_out() -> Any:
    """Let some see what is read most, in every slot of a site."""
    site, form = asked_site(), HoldoutForm()
    back = address(SLOTS_HERE, {"of": site.code})
    if not form.accepted():
        flash(" ".join(words for _field, words in form.mistakes))
        return redirect(back, 303)
    done = do_once(form, partial(_held_out, form, site), _("It has begun. First figures come in a week."))
    return done or redirect(back, 303)


@bp.get("/<int:experiment_id>")
@needs(Permission.SLOT_KEEP)
def experiment(experiment_id: int) -> Any:
    """What came of it so far, with all that may be said of it at this moment."""
    shown = _experiment_or_404(experiment_id)
    return page(
        "personalisation/experiment.html",
        form=Form(formdata=None),
        experiment=shown,
        report=plans.report_of(shown),
        name=SLOTS[Slot(shown.slot)] if shown.slot else _("All slots"),
        ways=_ways(shown),
        days=FOLLOWED.days,
        fewest=FEWEST,
        desk=address(SLOTS_HERE, {"of": shown.site.code}),
    )


@bp.get("/<int:experiment_id>.csv")
@needs(Permission.SLOT_KEEP)
def report_csv(experiment_id: int) -> Response:
    """The report as a file; that it was made is on record before it leaves."""
    with unit_of_work():
        shown = _experiment_or_404(experiment_id)
        text = _table(shown, plans.report_of(shown))
        actions.note_export(shown, current_member())
    named = {
        "Content-Disposition": f'attachment; filename="experiment-{experiment_id}.csv"',
        "Cache-Control": "no-store",
    }
    return current_app.response_class(text, mimetype="text/csv", headers=named)


@bp.post("/<int:experiment_id>/end")
@needs(Permission.SLOT_KEEP)
def end(experiment_id: int) -> Any:
    """All see one way again: the usual one, or from now on the one that was tried."""
    form = Form()
    if form.accepted():
        with unit_of_work():
            actions.end_experiment(_running_or_404(experiment_id), current_member())
        flash(_("It has ended. All see the usual way."))
    return redirect(f"{HERE}{experiment_id}", 303)


@bp.post("/<int:experiment_id>/take-over")
@needs(Permission.SLOT_KEEP)
def take_over(experiment_id: int) -> Any:
    """What was tried becomes the slot's own way."""
    form = Form()
    if form.accepted():
        with unit_of_work():
            tried = _running_or_404(experiment_id)
            actions.take_over(tried, Slot(tried.slot or abort(404)), rules_of(tried.rules), current_member())
        flash(_("It has ended. All see what was tried."))
    return redirect(f"{HERE}{experiment_id}", 303)


def _begun(form: ExperimentForm, site: Site, slot: Slot | None) -> str:
    rules = form.rules(site)
    if plans.running_in(site, slot):
        raise Refused(_("An experiment runs in this slot. One at a time tells more."))
    if slot and rules == plans.present_rules(site, slot):
        raise Refused(_("This is the usual way. Change something."))
    return _path_of(site, slot, form.name.data or "", form.percent.data or 0, rules)


def _held_out(form: HoldoutForm, site: Site) -> str:
    running = plans.running_in(site, None)
    if running:
        return f"{HERE}{running.id}"
    return _path_of(site, None, _("Holdout"), form.percent.data or 0, Rules(0, is_plain=True))


def _path_of(site: Site, slot: Slot | None, name: str, percent: int, rules: Rules) -> str:
    return f"{HERE}{actions.begin_experiment(site, slot, name, percent, rules, current_member()).id}"


def _ways(shown: Experiment) -> tuple[str, str]:
    """The usual way and the other one, in words."""
    if shown.is_holdout or shown.slot is None:
        return _("Chosen for each reader"), _("What is read most, for everybody")
    return sentence(plans.present_rules(shown.site, Slot(shown.slot))), sentence(rules_of(shown.rules))


def _table(shown: Experiment, report: Report) -> str:
    heads = _("Way"), _("Persons"), _("Items read per person"), _("Variance"), _("Uplift"), _("From"), _("To")
    uplift = report.uplift
    figures = (uplift.share, uplift.low, uplift.high) if uplift else ("", "", "")
    usual, other = _ways(shown)
    rows = ((usual, report.usual, report.is_holdout), (other, report.other, not report.is_holdout))
    return csv_of(
        heads,
        [
            (words, arm.person_count, arm.mean, arm.variance, *(figures if is_new else ("", "", "")))
            for words, arm, is_new in rows
        ],
    )


def _experiment_or_404(experiment_id: int) -> Experiment:
    """An experiment of a site whose slots one may set."""
    found = plans.experiment_by_id(experiment_id)
    if found is None or not current_member().can(Permission.SLOT_KEEP, found.site):
        abort(404)
    return found


def _running_or_404(experiment_id: int) -> Experiment:
    found = _experiment_or_404(experiment_id)
    return found if found.ended_at is None else abort(404)
