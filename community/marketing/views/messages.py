"""`/marketing/segments/<id>/message`: what who enters a watched audience is sent."""

from functools import partial
from typing import Any

from flask import Blueprint, abort, flash, redirect
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from community.accounts.views.second_step import asks_code_again
from community.core.db import unit_of_work
from community.core.permissions import Permission
from community.marketing import policy
from community.marketing.forms import MessageForm
from community.messages.actions.mails import send_later
from community.messages.models import MailClass
from community.segments import actions, sending
from community.segments.models import Segment, WatchMessage
from community.segments.queries import audience
from community.segments.queries.crossings import watch_of
from community.segments.queries.sendings import message_of
from community.web.access import current_member, needs
from community.web.answers import do_once, page
from community.web.forms import Form

bp = Blueprint("watch_messages", __name__, url_prefix="/marketing/segments")
HERE = "/marketing/segments/"


@bp.route("/<int:segment_id>/message", methods=["GET", "POST"])
@needs(Permission.SEGMENT_EXPORT)
@asks_code_again
def message(segment_id: int) -> Any:
    """Write it, in the language of the audience's site; below stands how it reads."""
    segment, written = _watched_or_404(segment_id), message_of(segment_id)
    kind = {"kind": "offer" if written and written.is_offer else "help"}
    form = MessageForm(obj=written, **kind) if written else MessageForm(path=segment.site.path, by_mail=True)
    if form.accepted():
        done = do_once(form, partial(_kept, form, segment_id), _("Kept. Who enters from now on is sent it."))
        if done:
            return done
    return page(
        "marketing/message.html",
        form=form,
        plain_form=Form(formdata=None),
        segment=segment,
        shown=_as_read_by_me(written, segment) if written else None,
    )


@bp.post("/<int:segment_id>/message/test")
@needs(Permission.SEGMENT_EXPORT)
@asks_code_again
def try_out(segment_id: int) -> Response:
    """Mail it to oneself."""
    form = Form()
    if form.accepted():
        done = do_once(form, partial(_tried, segment_id), _("A test is on its way to your address."))
        if done:
            return done
    return redirect(f"{HERE}{segment_id}/message", 303)


@bp.post("/<int:segment_id>/message/remove")
@needs(Permission.SEGMENT_EXPORT)
def remove(segment_id: int) -> Response:
    """Send nothing any more."""
    with unit_of_work():
        actions.take_message_away(_watched_or_404(segment_id), current_member())
    flash(_("Nobody is sent anything any more."))
    return redirect(f"{HERE}{segment_id}/watch", 303)


def _as_read_by_me(written: WatchMessage, segment: Segment) -> sending.Written:
    return sending.written_for(written, current_member(), sending.audience_of(segment))


def _kept(form: MessageForm, segment_id: int) -> str:
    actions.write_message(_watched_or_404(segment_id), form.wording, current_member())
    return f"{HERE}{segment_id}/message"


def _tried(segment_id: int) -> str:
    segment, written = _watched_or_404(segment_id), message_of(segment_id) or abort(404)
    mine = _as_read_by_me(written, segment)
    send_later(current_member(), sending.LETTER, MailClass.TRANSACTIONAL, written=mine, is_test=True)
    return f"{HERE}{segment_id}/message"


def _watched_or_404(segment_id: int) -> Segment:
    found = audience.segment_by_id(segment_id)
    if found is None or not policy.may_export(current_member(), found) or watch_of(found) is None:
        abort(404)
    return found
