"""The calendar as its editors see it: every week and month with its gaps, its note and what there is to do."""

from typing import Any

from flask import abort, flash, redirect, request
from flask_babel import gettext as _

from community.articles.actions import planning as actions
from community.articles.forms.studio import NoteForm, TaskForm
from community.articles.models import StageTask
from community.articles.queries import planning
from community.articles.views.studio.blueprint import bp, own_site, own_sites
from community.articles.views.studio.editor import MONTHS, WEEKS
from community.core.db import unit_of_work
from community.core.permissions import Permission
from community.web.access import needs
from community.web.answers import do_once, page
from community.web.forms import Form


@bp.get("/calendar")
@needs(Permission.ARTICLE_WRITE)
def calendar() -> Any:
    """All weeks and months of a site; what is missing is marked."""
    site = own_site(request.args.get("for"))
    return page(
        "articles/studio/calendar.html",
        calendar_of=site,
        own_sites=own_sites(),
        slots=planning.slots(site),
        tasks=planning.tasks_of(site),
    )


@bp.route("/calendar/<string:code>/<any(week, month):unit>/<int:number>", methods=["GET", "POST"])
@needs(Permission.ARTICLE_WRITE)
def edit_note(code: str, unit: str, number: int) -> Any:
    """What the calendar says of one week or month."""
    site = own_site(code)
    if (unit, number) not in planning.units():
        abort(404)
    days = planning.days_of(unit, number)
    form = NoteForm(obj=planning.note_of(site, days))
    if form.accepted():
        with unit_of_work():
            names = ("headline", "body", "source_title", "source_url")
            actions.save_note(site, days, **{name: form[name].data or "" for name in names})
        flash(_("The calendar is saved."))
        return redirect(f"/studio/calendar?for={site}#{unit}-{number}", 303)
    tasks = planning.tasks_of(site, days)
    return page(
        "articles/studio/edit_note.html", form, calendar_of=site, unit=unit, number=number, days=days, tasks=tasks
    )


@bp.route("/calendar/<string:code>/tasks/new", methods=["GET", "POST"])
@needs(Permission.ARTICLE_WRITE)
def new_task(code: str) -> Any:
    """Something more to do."""
    site = own_site(code)
    form = TaskForm()

    def deed() -> str:
        actions.add_task(site, *_task_fields(form))
        return f"/studio/calendar?for={site}#tasks"

    if form.accepted() and (done := do_once(form, deed, _("The calendar is saved."))):
        return done
    return page("articles/studio/edit_task.html", form, calendar_of=site, task=None, weeks=WEEKS, months=MONTHS)


@bp.route("/calendar/tasks/<int:task_id>", methods=["GET", "POST"])
@needs(Permission.ARTICLE_WRITE)
def edit_task(task_id: int) -> Any:
    """Other words or days for something to do."""
    task = _own_task(task_id)
    form = TaskForm(obj=task)
    if form.accepted():
        with unit_of_work():
            task = _own_task(task_id)
            actions.change_task(task, *_task_fields(form))
            path = f"/studio/calendar?for={task.site}#tasks"
        flash(_("The calendar is saved."))
        return redirect(path, 303)
    return page("articles/studio/edit_task.html", form, calendar_of=task.site, task=task, weeks=WEEKS, months=MONTHS)


@bp.route("/calendar/tasks/<int:task_id>/remove", methods=["GET", "POST"])
@needs(Permission.ARTICLE_WRITE)
def remove_task(task_id: int) -> Any:
    """Say what will be gone, and take it away."""
    task = _own_task(task_id)
    form = Form()
    if form.accepted():
        with unit_of_work():
            task = _own_task(task_id)
            path = f"/studio/calendar?for={task.site}#tasks"
            actions.remove_task(task)
        flash(_("It is off the calendar."))
        return redirect(path, 303)
    return page("articles/studio/remove_task.html", form, task=task)


def _own_task(task_id: int) -> StageTask:
    task = planning.task_by_id(task_id, own_sites())
    if task is None:
        abort(404)
    return task


def _task_fields(form: TaskForm) -> tuple[str, str, int, int]:
    return form.title.data or "", form.hint.data or "", form.stage_from.data or 0, form.stage_to.data or 0
