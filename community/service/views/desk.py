"""`/service/`: what waits for an answer, and who asks."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, redirect, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from community.core import audit, clock
from community.core.db import unit_of_work
from community.core.permissions import Permission
from community.core.refused import Refused
from community.profiles.queries import standing_of
from community.service import actions, policy, queries
from community.service.forms import AnswerForm, PlainForm
from community.service.models import Case
from community.service.queries import Show
from community.service.words import label_of
from community.shop.queries.orders import orders_of
from community.touchpoints.queries import history_of, items_told
from community.touchpoints.words import events
from community.web.access import current_member, needs, require
from community.web.answers import do_once, page
from community.web.numbering import A_PAGE, address, asked_number, asked_page, path_of_page

bp = Blueprint("service", __name__, url_prefix="/service")
ORDERS, CASES, TOUCHES = 5, 5, 20
SHOWN = {
    Show.WAITING: _l("Waiting"),
    Show.MINE: _l("Mine"),
    Show.NOBODYS: _l("Nobody's yet"),
    Show.ANSWERED: _l("Answered"),
    Show.SOLVED: _l("Solved"),
}


@bp.get("/")
@needs(Permission.CASE_ANSWER)
def desk() -> Any:
    """Cases of the agent's sites: what is due first on top."""
    agent, sites = current_member(), policy.sites_of(current_member())
    asked = request.args.get("show", "")
    show = Show(asked) if asked in set(Show) else abort(404)
    place = asked_page(queries.waiting_count(sites, agent, show))
    return page(
        "service/desk.html",
        cases=queries.cases_page(sites, agent, show, place.offset, A_PAGE),
        place=place,
        path_of_page=path_of_page,
        choices=[
            {
                "label": label,
                "path": address("/service/", {"show": kind.value} if kind else {}),
                "is_current": kind is show,
            }
            for kind, label in SHOWN.items()
        ],
        overdue_count=queries.overdue_count(sites, clock.now()),
        is_overdue=lambda case: policy.is_overdue(case, clock.now()),
    )


@bp.route("/cases/<int:case_id>", methods=["GET", "POST"])
@needs(Permission.CASE_ANSWER)
def case(case_id: int) -> Any:
    """One case: the conversation, and beside it all that the member had to do with us."""
    found, form = _mine_to_answer(case_id), AnswerForm()
    if form.accepted():
        answer = do_once(form, lambda: _answered(_mine_to_answer(case_id), form), _("It is kept."))
        if answer is not None:
            return answer
    if found.member_id and request.method == "GET":
        with unit_of_work():  # a look at somebody's history is a deed of its own
            audit.keep("profile.viewed", f"member:{found.member_id}", current_member().id, case=found.id)
        found = _mine_to_answer(case_id)
    about = queries.thing_of(found.about)
    return page(
        "service/answer.html",
        form=form,
        case=found,
        messages=queries.messages_of(found, with_notes=True),
        about=about,
        label=label_of(about) if about else "",
        is_overdue=policy.is_overdue(found, clock.now()),
        **_history(found),
    )


@bp.post("/cases/<int:case_id>/take")
@needs(Permission.CASE_ANSWER)
def take(case_id: int) -> Response:
    """Answer for it."""
    return _done(case_id, lambda found: actions.take(found, current_member()), _("It is yours."))


@bp.post("/cases/<int:case_id>/solve")
@needs(Permission.CASE_ANSWER)
def solve(case_id: int) -> Response:
    """It is done."""
    return _done(case_id, lambda found: actions.solve(found, current_member()), _("It is solved."))


def _answered(found: Case, form: AnswerForm) -> str:
    body, what = form.body.data or "", form.what.data
    if what == "note":
        actions.note(found, current_member(), body)
    else:
        actions.answer(found, current_member(), body, is_solved=what == "solve")
    return f"/service/cases/{found.id}"


def _done(case_id: int, deed: Callable[[Case], None], saying: str) -> Response:
    if PlainForm().accepted():
        try:
            with unit_of_work():
                deed(_mine_to_answer(case_id))
            flash(saying)
        except Refused as refused:
            flash(refused.why)
    return redirect(f"/service/cases/{case_id}", 303)


def _mine_to_answer(case_id: int) -> Case:
    found = queries.case_by_id(case_id)
    if found is None or found.site not in policy.sites_of(current_member()):
        abort(404)
    require(policy.may_answer(current_member(), found))
    return found


def _history(found: Case) -> dict[str, Any]:
    """Orders, other cases, and what the record holds; nothing where no member asks."""
    if found.member is None:
        return {"orders": [], "others": [], "touches": [], "standing": None, "older_path": ""}
    touches = history_of(found.member.id, asked_number("before"), TOUCHES + 1)
    shown = touches[:TOUCHES]
    older = f"/service/cases/{found.id}?before={shown[-1].id}" if len(touches) > TOUCHES else ""
    return {
        "orders": orders_of(found.member, 0, ORDERS),
        "others": [case for case in queries.cases_of(found.member, None, CASES + 1) if case.id != found.id][:CASES],
        "touches": events(shown, items_told(shown, found.member.guarded_since is not None)),
        "standing": standing_of(found.member.id),
        "older_path": older,
    }
