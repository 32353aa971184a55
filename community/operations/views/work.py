"""`/admin/`, `/admin/jobs` and `/admin/outbox`: what is being done, what failed, and one more try."""

from enum import StrEnum

from flask import Blueprint, abort, flash, redirect, render_template, request
from flask_babel import format_timedelta
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from community.core import jobs
from community.core.db import unit_of_work
from community.core.jobs import JobState
from community.core.permissions import Permission
from community.messages.models import Mail, MailState
from community.messages.queries.mails import mail_by_id, mails_page
from community.operations import policy
from community.operations.actions import members as actions
from community.operations.queries import work as queries
from community.web.access import current_member, needs, require
from community.web.letters import has_mail_server
from community.web.numbering import address

bp = Blueprint("work", __name__, url_prefix="/admin")
A_PAGE = 50
JOB_STATES = {
    JobState.WAITING: _l("Waiting"),
    JobState.RUNNING: _l("Being done"),
    JobState.DONE: _l("Done"),
    JobState.FAILED: _l("Failed"),
}
MAIL_STATES = {
    MailState.WAITING: _l("Waiting"),
    MailState.CLAIMED: _l("Being sent"),
    MailState.SENT: _l("Sent"),
    MailState.UNKNOWN: _l("Unknown"),
    MailState.FAILED: _l("Failed"),
}
TINTS = {"failed": "rose", "unknown": "rose", "waiting": "honey", "running": "sky", "claimed": "sky"}


@bp.get("/")
@needs(Permission.JOBS_VIEW)
def overview() -> str:
    """Whether everything runs, at a glance."""
    return render_template(
        "operations/overview.html",
        members=queries.member_counts(),
        posts=queries.post_counts(),
        jobs=queries.job_counts(),
        mails=queries.mail_counts(),
        has_mail_server=has_mail_server(),
    )


@bp.get("/jobs")
@needs(Permission.JOBS_VIEW)
def list_jobs() -> str:
    """Jobs, newest first; how far projections have read; what comes again and when."""
    state, before = _asked_state(JobState), request.args.get("before", type=int)
    found = jobs.jobs_page(state, before, A_PAGE + 1)
    return render_template(
        "operations/jobs.html",
        jobs=found[:A_PAGE],
        more=_older(state, found[A_PAGE - 1].id) if len(found) > A_PAGE else "",
        state=state,
        states=JOB_STATES,
        tints=TINTS,
        counts=queries.job_counts(),
        lags=queries.lags(),
        schedules=queries.schedules(),
        spoken=format_timedelta,
    )


@bp.post("/jobs/<int:job_id>/again")
@needs(Permission.JOBS_VIEW)
def try_again(job_id: int) -> Response:
    """Let a failed job begin anew."""
    with unit_of_work():
        jobs.again(job_id)
    flash(_("The job will be tried again."))
    return redirect("/admin/jobs", 303)


@bp.get("/outbox")
@needs(Permission.OUTBOX_VIEW)
def list_mails() -> str:
    """Mails, newest first, with their state."""
    state, before = _asked_state(MailState), request.args.get("before", type=int)
    found = mails_page(state, before, A_PAGE + 1)
    return render_template(
        "operations/outbox.html",
        mails=found[:A_PAGE],
        more=_older(state, found[A_PAGE - 1].id) if len(found) > A_PAGE else "",
        state=state,
        states=MAIL_STATES,
        tints=TINTS,
        counts=queries.mail_counts(),
        has_mail_server=has_mail_server(),
    )


@bp.get("/outbox/<int:mail_id>")
@needs(Permission.OUTBOX_VIEW)
def show_mail(mail_id: int) -> str:
    """One mail as its reader gets it; that somebody read it is stored before it is shown."""
    with unit_of_work():
        actions.note_mail_read(_mail_or_404(mail_id), current_member().id)
    mail = _mail_or_404(mail_id)
    return render_template(
        "operations/mail.html",
        mail=mail,
        states=MAIL_STATES,
        tints=TINTS,
        may_send_again=policy.may_send_again(mail),
        has_mail_server=has_mail_server(),
    )


@bp.post("/outbox/<int:mail_id>/again")
@needs(Permission.OUTBOX_VIEW)
def send_again(mail_id: int) -> Response:
    """Send a mail once more, by a person's choice alone."""
    with unit_of_work():
        mail = _mail_or_404(mail_id)
        require(policy.may_send_again(mail))
        actions.send_again(mail, current_member())
    flash(_("The mail will be sent again."))
    return redirect(f"/admin/outbox/{mail_id}", 303)


def _asked_state(states: type[StrEnum]) -> str | None:
    asked = request.args.get("state")
    return asked if asked in list(states) else None


def _older(state: str | None, before: int) -> str:
    return address(request.path, {"state": state, "before": before} if state else {"before": before})


def _mail_or_404(mail_id: int) -> Mail:
    return mail_by_id(mail_id) or abort(404)
