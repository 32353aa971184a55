"""`/moderation/members/<id>`: a member as moderators know them: words, decisions, notes; nothing else."""

from typing import Any

from flask import Blueprint, abort, flash, redirect
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from community.core import clock
from community.core.db import unit_of_work
from community.core.permissions import Permission
from community.members.models import Member, MemberState
from community.members.queries import member_by_id
from community.moderation import policy, reasons
from community.moderation.actions import decisions as actions
from community.moderation.actions import people
from community.moderation.forms import NoteForm, PersonForm
from community.moderation.models import Deed
from community.moderation.queries import decisions as decision_queries
from community.moderation.queries import people as queries
from community.moderation.queries.trust import standing_of
from community.moderation.views import names
from community.web.access import current_member, needs, require
from community.web.answers import do_once, page

bp = Blueprint("moderated", __name__, url_prefix="/moderation/members/<int:member_id>")


@bp.route("", methods=["GET", "POST"])
@needs(Permission.POST_HIDE)
def person(member_id: int) -> Any:
    """The card of a member; a POST warns, mutes or suspends."""
    form = PersonForm()
    if form.accepted():
        decided: list[int] = []
        answer = do_once(form, lambda: _decided(member_id, form, decided))
        if answer is not None:
            if decided:
                flash(names.DONE[Deed(form.deed.data)], f"/moderation/decisions/{decided[0]}/undo")
            return answer
    return _card(member_id, form, NoteForm(formdata=None))


@bp.post("/lift")
@needs(Permission.MEMBER_MUTE)
def lift(member_id: int) -> Response:
    """End a mute or a suspension before its day, and bring back what was hidden with it."""
    with unit_of_work():
        shown = _person_or_404(member_id)
        require(policy.may_restrain(current_member(), shown, shown.site, _needed(shown)))
        actions.decide_about(shown, current_member(), actions.Choice(Deed.LIFT))
    flash(_("Lifted. They can write and sign in again."))
    return redirect(_path(member_id), 303)


@bp.post("/notes")
@needs(Permission.POST_HIDE)
def note(member_id: int) -> Any:
    """Tell the other moderators something."""
    form = NoteForm()
    if form.accepted():
        answer = do_once(form, lambda: _noted(member_id, form), _("Kept for the other moderators."))
        if answer is not None:
            return answer
    return _card(member_id, PersonForm(formdata=None), form)


def _card(member_id: int, form: PersonForm, note_form: NoteForm) -> Any:
    shown, moderator = _person_or_404(member_id), current_member()
    sites = policy.sites_of(moderator)
    now = clock.now()
    return page(
        "moderation/person.html",
        form=note_form if note_form.mistakes else form,
        person_form=form,
        note_form=note_form,
        shown=shown,
        may_restrain=policy.may_restrain(moderator, shown, shown.site),
        may_lift=policy.may_restrain(moderator, shown, shown.site, _needed(shown)),
        is_muted=shown.muted_until is not None and shown.muted_until > now,
        is_suspended=shown.state == MemberState.SUSPENDED,
        trust=names.TRUST[policy.trust_level(standing_of(shown))],
        posts=queries.posts_of(shown, sites),
        decisions=decision_queries.decided_about(shown, sites),
        notes=queries.notes_about(shown),
        names=names,
        reasons=reasons,
    )


def _decided(member_id: int, form: PersonForm, decided: list[int]) -> str:
    shown, moderator, deed = _person_or_404(member_id), current_member(), Deed(form.deed.data)
    needed = actions.NEEDS.get(deed, Permission.MEMBER_MUTE)
    require(policy.may_restrain(moderator, shown, shown.site, needed))
    hidden_on = tuple(policy.sites_of(moderator)) if form.hides_earlier.data and deed != Deed.WARN else ()
    choice = actions.Choice(deed, form.reason.data, form.words.data or "", form.days.data or None, hidden_on)
    decided.append(actions.decide_about(shown, moderator, choice).id)
    return _path(member_id)


def _noted(member_id: int, form: NoteForm) -> str:
    people.keep_note(_person_or_404(member_id), current_member(), form.words.data or "")
    return _path(member_id)


def _person_or_404(member_id: int) -> Member:
    """Who lives on, or has written on, one of the moderator's sites."""
    shown, sites = member_by_id(member_id), policy.sites_of(current_member())
    if shown is None or shown.is_erased:
        abort(404)
    if shown.site not in sites and not queries.has_written_on(shown, sites):
        abort(404)
    return shown


def _needed(shown: Member) -> Permission:
    return Permission.MEMBER_SUSPEND if shown.state == MemberState.SUSPENDED else Permission.MEMBER_MUTE


def _path(member_id: int) -> str:
    return f"/moderation/members/{member_id}"
