"""The front page of a site, for all, and a member's own home."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, g, make_response, redirect, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from community.articles.queries import published
from community.articles.views import calendar, head
from community.core import clock, stages
from community.core.db import unit_of_work
from community.core.permissions import Permission
from community.home import actions
from community.home.forms import TasksForm
from community.home.queries.blocks import Block, block_with, blocks_of
from community.home.queries.front import front_for
from community.home.queries.mine import Home, home_of
from community.home.queries.weekly import letter_for
from community.items import queries as items
from community.items.models.cards import card_of
from community.personalisation.policy import may_learn_from
from community.personalisation.queries.slots import offer_for, offer_of_visit
from community.personalisation.slots import Place, Slot
from community.personalisation.views.showing import note_shown, read_in_visit
from community.profiles.policy import is_birth_date, is_due_date
from community.profiles.queries import Family, family_of
from community.sites.models import Site
from community.web.access import current_member, everyone, needs, require
from community.web.answers import page
from community.web.cache import generation_of_page, shared_page
from community.web.headers import came_from_us, private
from community.web.numbering import asked_number

bp = Blueprint("home", __name__)
MOST_TAPES = 200
FRONT_TAPE, ON_A_SMALL_TAPE = range(4, 41, 4), range(8, 41, 8)
PARTS_OF_DAY = ((5, _l("Good evening")), (12, _l("Good morning")), (18, _l("Good afternoon")), (24, _l("Good evening")))


@bp.get("/")
@everyone
def root() -> Any:
    """The bare address: an old `?p=ID` leads to where its item stands now, all else to a site's front page."""
    is_old = "p" in request.args or "page_id" in request.args
    found = items.moved_to(g.site, request.full_path, current_member()) if is_old else None
    return redirect(found, 301) if found else private(redirect(g.site.path))


@bp.get("/<site:site>/")
@everyone
def front() -> Any:
    """What this place is, with the latest and the most read."""
    if not current_member().is_member and (may_learn_from(current_member()) or read_in_visit()):
        return private(make_response(_front_for_one()))
    return _front_for_all()


@bp.post("/<site:site>/due")
@everyone
def due() -> Any:
    """The question of the front page: the day goes into no address and is kept nowhere."""
    require(came_from_us())
    return _to_the_calendar(request.form.get("due", ""))


@bp.get("/<site:site>/home")
@needs(Permission.ACCOUNT_OWN)
def mine() -> Any:
    """A member's own page: today's week or age, what to read and do now, what is new."""
    today = _today()
    _site, generation = generation_of_page()
    own = home_of(current_member(), g.site, asked_number("child"), today, generation)
    tape = _tape_around(own.block) if own.block else ()
    note_shown(own.offer)
    return page(
        "home/mine.html",
        own=own,
        recommended=[(card_of(one.item), tuple(one.reasons)) for one in own.offer.recommended],
        tape=tape,
        choices=_choices(own),
        greeting=_greeting(),
        today=today,
        children_asked=actions.CHILDREN_ASKED,
    )


@bp.get("/account/notices/weekly")
@needs(Permission.ACCOUNT_OWN)
def next_letter() -> Any:
    """What the member's next weekly letter would hold."""
    return page("home/weekly.html", letter=letter_for(current_member(), _today()))


@bp.post("/<site:site>/home/tasks")
@needs(Permission.ACCOUNT_OWN)
def keep_tasks() -> Any:
    """Keep the ticks of the list to do."""
    form, today = TasksForm(), _today()
    if form.accepted():
        with unit_of_work():
            member = current_member()
            blocks = blocks_of(family_of(member, today), today)
            block = block_with(blocks, form.child.data)
            shown = published.tasks_for(g.site, block.day.corrected) if block else []
            actions.keep_tasks(member, [task.key for task in shown], form.t.data or [])
        flash(_("Your list is kept."))
    return redirect(f"{g.site.path}home?child={form.child.data}" if form.child.data else f"{g.site.path}home", 303)


@bp.post("/<site:site>/home/not-now")
@needs(Permission.ACCOUNT_OWN)
def ask_no_more() -> Any:
    """The question about children does not come again."""
    if TasksForm().accepted():
        with unit_of_work():
            actions.ask_no_more(current_member())
        flash(_("Good. You can tell us any time, under your account."))
    return redirect(f"{g.site.path}home", 303)


@shared_page
def _front_for_all() -> Any:
    return _front(family_of(current_member(), _today()))


def _front_for_one() -> Any:
    """With what a visitor's own reading tells, or this visit alone, so for them alone."""
    visitor, place = current_member(), Place(Slot.FRONT, g.site)
    read = read_in_visit()
    offer = offer_of_visit(visitor, place, read) if read else offer_for(visitor, place, Family(), _today())
    note_shown(offer)
    return _front(Family(), recommended=offer.recommended)


def _front(family: Family, recommended: Sequence[Any] = (), mistake: str = "") -> Any:
    _site, generation = generation_of_page()
    return page(
        "home/front.html",
        family=family,
        front=front_for(g.site, current_member(), family.guard, generation),
        recommended=recommended,
        mistake=mistake,
        tape=_front_tape(g.site),
        feed=head.absolute(f"{g.site.path}feed.xml"),
        **head.frame(g.site.path, head.same_path("")),
    )


def _to_the_calendar(typed: str) -> Any:
    """Where a due date or a birth date leads; the day itself is kept nowhere."""
    if not typed:
        return redirect(f"/register?site={g.site.code}")
    path = _place_in_calendar(typed)
    if path:
        return private(redirect(f"{g.site.path}{path}"))
    mistake = _("Give the due date as day, month and year; it lies within the next 42 weeks.")
    body, _status = _front(family_of(current_member(), _today()), mistake=mistake)
    return private(make_response(body, 422))


def _place_in_calendar(typed: str) -> str | None:
    today = _today()
    try:
        day = date.fromisoformat(typed[:10])
    except ValueError:
        return None
    if is_due_date(day, today):
        week = stages.week_of(stages.day_before_birth(day, today))
        return f"pregnancy/{min(stages.LAST_WEEK, max(stages.FIRST_WEEK, week))}"
    months = stages.months_between(day, today)
    return f"child/{months}" if is_birth_date(day, today) and months <= stages.LAST_MONTH else None


def _tape_around(block: Block) -> tuple[calendar.Step, ...]:
    """The weeks or months around today's, with the mark of the day; nothing beyond the calendar's ends."""
    axis = calendar.PREGNANCY if block.is_pregnancy else calendar.CHILDHOOD
    return _tape(axis, block.number, block.day_on_tape, g.site) if block.number in axis.numbers else ()


@lru_cache(MOST_TAPES)
def _tape(axis: calendar.Axis, number: int, day: int, _site: Site) -> tuple[calendar.Step, ...]:
    """In the words of a site."""
    return tuple(replace(step, day=day if step.is_now else None) for step in axis.tape(number))


@lru_cache
def _front_tape(_site: Site) -> tuple[calendar.Step, ...]:
    return tuple(replace(calendar.week_step(n), is_wide_only=n not in ON_A_SMALL_TAPE) for n in FRONT_TAPE)


def _choices(home: Home) -> list[dict[str, Any]]:
    """One link for each child, where there are several."""
    return [
        {
            "label": block.label,
            "path": f"{g.site.path}home?child={block.first.id}",
            "is_current": block is home.block,
        }
        for block in home.blocks
    ]


def _greeting() -> str:
    hour = clock.now().astimezone(ZoneInfo(g.site.zone)).hour
    return next(str(words) for until, words in PARTS_OF_DAY if hour < until)


def _today() -> date:
    return clock.today(g.site.zone)


ON_CACHED_PAGES = (due,)
