"""Ask or complain, and the conversation that follows."""

from typing import Any

from flask import Blueprint, abort, flash, g, make_response, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from community.core.db import unit_of_work
from community.core.permissions import Permission
from community.core.refused import Refused
from community.moderation.policy import Thing, may_see_thing
from community.service import actions, queries
from community.service.actions import Asker
from community.service.forms import ContactForm, MoreForm, PlainForm, StrangerForm
from community.service.models import Case, CaseKind
from community.service.words import label_of
from community.shop.models import Order
from community.web.access import current_member, everyone, needs
from community.web.answers import do_once, page
from community.web.headers import private
from community.web.limits import is_in_time
from community.web.numbering import A_PAGE, asked_number

bp = Blueprint("contact", __name__)


@bp.route("/<site:site>/contact", methods=["GET", "POST"])
@everyone
def contact() -> Any:
    """Ask something, or say what is wrong; `?about=` names the order, or what else it is about."""
    member, about = current_member(), _asked_about()
    form = ContactForm() if member.is_member else StrangerForm()
    if request.method == "GET" and about:
        form.kind.data = CaseKind.COMPLAINT.value
        form.subject.data = label_of(about)[:160]
    if form.accepted() and is_in_time(form, "contact"):
        answer = do_once(form, lambda: _opened(form, about))
        if answer is not None:
            return answer
    return page(
        "service/contact.html", form=form, about=about and label_of(about), action=request.full_path.rstrip("?")
    )


@bp.get("/<site:site>/contact/thanks")
@everyone
def thanks() -> str:
    """Where somebody without an account lands: the number, and that a mail is under way."""
    return render_template("service/thanks.html", number=request.args.get("number", "")[:12])


@bp.route("/<site:site>/contact/<int:case_id>-<string:seal>", methods=["GET", "POST"])
@everyone
def mailed_case(case_id: int, seal: str) -> Any:
    """The conversation of who has no account, by the link that we mailed."""
    return private(make_response(_conversation(lambda: _sealed(case_id, seal))))


@bp.get("/account/cases/")
@needs(Permission.ACCOUNT_OWN)
def cases() -> Any:
    """What a member asked us."""
    found = queries.cases_of(current_member(), asked_number("before"), A_PAGE + 1)
    more = f"/account/cases/?before={found[A_PAGE - 1].id}" if len(found) > A_PAGE else ""
    return page("service/cases.html", cases=found[:A_PAGE], more=more)


@bp.route("/account/cases/<int:case_id>", methods=["GET", "POST"])
@needs(Permission.ACCOUNT_OWN)
def case(case_id: int) -> Any:
    """A member's own conversation with the service."""
    return _conversation(lambda: _own(case_id))


@bp.post("/account/cases/<int:case_id>/solved")
@needs(Permission.ACCOUNT_OWN)
def solved(case_id: int) -> Response:
    """Who asked is helped."""
    if PlainForm().accepted():
        try:
            with unit_of_work():
                actions.solve(_own(case_id), current_member())
            flash(_("Good to hear. You can write again at any time."))
        except Refused as refused:
            flash(refused.why)
    return redirect(f"/account/cases/{case_id}", 303)


def _opened(form: ContactForm, about: Order | Thing | None) -> str:
    kind, subject, body = CaseKind(form.kind.data), form.subject.data or "", form.body.data or ""
    made = actions.open_case(g.site, _asker(form), kind, subject, body, about.key if about else None)
    return made.path if made.member_id else f"{g.site.path}contact/thanks?number={made.number}"


def _asker(form: ContactForm) -> Asker:
    member = current_member()
    if member.is_member:
        return Asker(member, member.name, member.email)
    return Asker(None, form["name"].data, form["email"].data)


def _conversation(find: Any) -> Any:
    found, form = find(), MoreForm()
    if form.accepted() and is_in_time(form, "contact"):
        answer = do_once(form, lambda: _written_on(find(), form), _("Thank you. We have it."))
        if answer is not None:
            return answer
    said, about = queries.messages_of(found, with_notes=False), queries.thing_of(found.about)
    return page(
        "service/case.html", form=form, case=found, messages=said, about=about, label=label_of(about) if about else ""
    )


def _written_on(case: Case, form: MoreForm) -> str:
    actions.write_on(case, case.member, form.body.data or "")
    return case.path


def _own(case_id: int) -> Case:
    found = queries.case_by_id(case_id)
    return found if found is not None and found.member_id == current_member().id else abort(404)


def _sealed(case_id: int, seal: str) -> Case:
    found = queries.case_by_id(case_id)
    return found if found is not None and found.is_opened_by(seal) and found.site == g.site else abort(404)


def _asked_about() -> Order | Thing | None:
    """What `?about=` names, where the reader may know of it."""
    member, thing = current_member(), queries.thing_of(request.args.get("about"))
    if isinstance(thing, Order):
        is_own = member.is_member and thing.customer is not None and thing.customer.member_id == member.id
        return thing if is_own else None
    return thing if thing is not None and may_see_thing(member, thing) else None
