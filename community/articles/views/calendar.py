"""The calendar: all that there is for one week of pregnancy or one month of age, and the way along the tape."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, abort, g
from flask_babel import gettext as _
from flask_babel import ngettext

from community.articles.queries import published
from community.articles.views import head
from community.core import clock, stages
from community.personalisation.slots import Slot
from community.personalisation.views.showing import offered
from community.profiles.queries import Family, family_of
from community.web.access import current_member, everyone
from community.web.answers import page
from community.web.cache import shared_page

bp = Blueprint("calendar", __name__, url_prefix="/<site:site>")
ON_THE_TAPE, ON_A_SMALL_TAPE = 11, 5
MOST_ARTICLES = 12


@dataclass(frozen=True)
class Step:
    """One page of the calendar, and its place on the tape."""

    number: int
    days: tuple[int, int]  # first and last stage day
    path: str
    spoken: str
    is_now: bool = False
    is_wide_only: bool = False
    day: int | None = None  # of the week, where a mark shows it

    @property
    def label(self) -> str:
        """What stands on the tape."""
        return str(self.number)


def week_step(number: int) -> Step:
    """A week of pregnancy."""
    return Step(number, stages.days_of_week(number), f"{g.site.path}pregnancy/{number}", _("Week %(n)s", n=number))


def month_step(number: int) -> Step:
    """A month of age, by the months that are completed; 0 is the first one."""
    spoken = ngettext("%(num)s month", "%(num)s months", number) if number else _("First month")
    return Step(number, stages.days_of_month(number), f"{g.site.path}child/{number}", spoken)


@dataclass(frozen=True)
class Axis:
    """Pregnancy or childhood: its numbers in three parts, and how a number becomes a step."""

    folder: str
    parts: tuple[range, range, range]
    step: Callable[[int], Step]
    number_of: Callable[[int], int]
    is_born: bool

    @property
    def numbers(self) -> range:
        """All numbers, from the first to the last."""
        return range(self.parts[0].start, self.parts[-1].stop)

    def tape(self, around: int) -> list[Step]:
        """The neighbours of a number; as many at either end as in the middle."""
        wide, small = self._window(around, ON_THE_TAPE), self._window(around, ON_A_SMALL_TAPE)
        return [replace(self.step(n), is_now=n == around, is_wide_only=n not in small) for n in wide]

    def beside(self, number: int) -> tuple[Step | None, ...]:
        """The step before and the step after."""
        return tuple(self.step(n) if n in self.numbers else None for n in (number - 1, number + 1))

    def own_numbers(self, family: Family) -> set[int]:
        """Where the reader's own children are on this axis."""
        return {self.number_of(day.calendar) for day in family.days if (day.calendar >= 0) == self.is_born}

    def is_put_away(self, family: Family) -> bool:
        """Whether the reader asked us to stop; it comes back only with a child of theirs that is here."""
        return family.is_guarded and not self.own_numbers(family)

    def _window(self, around: int, size: int) -> range:
        begin = max(self.numbers.start, min(around - size // 2, self.numbers.stop - size))
        return range(begin, begin + size)


TRIMESTERS = (range(4, 13), range(13, 28), range(28, 43))
YEARS = (range(12), range(12, 24), range(24, 37))
PREGNANCY = Axis("pregnancy/", TRIMESTERS, week_step, stages.week_of, is_born=False)
CHILDHOOD = Axis("child/", YEARS, month_step, stages.month_of, is_born=True)


def path_of_stage(day: int | None) -> str:
    """The calendar's page for the beginning of a stage range; none where there is no range or no such page."""
    if day is None:
        return ""
    axis = PREGNANCY if day < 0 else CHILDHOOD
    number = axis.number_of(day)
    return axis.step(number).path if number in axis.numbers else ""


@bp.get("/pregnancy/")
@everyone
@shared_page
def weeks() -> Any:
    """All weeks of pregnancy, in thirds."""
    return _all_steps(
        PREGNANCY, "articles/weeks.html", (_("First trimester"), _("Second trimester"), _("Third trimester"))
    )


@bp.get("/pregnancy/<int:number>")
@everyone
@shared_page
def week(number: int) -> Any:
    """Everything for one week of pregnancy."""
    return _one_step(PREGNANCY, "articles/week.html", number)


@bp.get("/child/")
@everyone
@shared_page
def months() -> Any:
    """All months of age, by year."""
    return _all_steps(CHILDHOOD, "articles/months.html", (_("First year"), _("Second year"), _("Third year")))


@bp.get("/child/<int:number>")
@everyone
@shared_page
def month(number: int) -> Any:
    """Everything for one month of age."""
    return _one_step(CHILDHOOD, "articles/month.html", number)


def _all_steps(axis: Axis, template: str, headings: tuple[str, ...]) -> Any:
    family = _family()
    if axis.is_put_away(family):
        return page("articles/put_away.html")
    own = axis.own_numbers(family)
    parts = [
        (heading, [replace(axis.step(n), is_now=n in own) for n in part])
        for heading, part in zip(headings, axis.parts, strict=True)
    ]
    return page(template, parts=parts, headlines=published.headlines(g.site), **_frame(axis.folder))


def _one_step(axis: Axis, template: str, number: int) -> Any:
    if number not in axis.numbers:
        abort(404)
    family = _family()
    if axis.is_put_away(family):
        return page("articles/put_away.html")
    step = axis.step(number)
    shelf = published.Shelf(g.site, current_member(), guard=family.guard)
    articles = published.articles_within(shelf, step.days, axis.is_born, MOST_ARTICLES)
    is_own = number in axis.own_numbers(family)
    return page(
        template,
        step=step,
        tape=axis.tape(number),
        beside=axis.beside(number),
        is_own=is_own,
        note=published.note_of(g.site, step.days),
        tasks=published.tasks_within(g.site, step.days, axis.is_born),
        articles=articles,
        recommended=_also(family, {article.id for article in articles}) if is_own else (),
        **_frame(f"{axis.folder}{number}"),
    )


def _also(family: Family, shown: set[int]) -> Any:
    """Beside the articles of one's own week or month."""
    return offered(Slot.CALENDAR, family, clock.today(g.site.zone), without=shown)


def _frame(rest: str) -> dict[str, Any]:
    return head.frame(f"{g.site.path}{rest}", head.same_path(rest))


def _family() -> Family:
    return family_of(current_member(), clock.today(g.site.zone))
