"""The page of the one box."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, g, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from community.core import clock, stages
from community.core.text import is_storable
from community.personalisation.queries import recommended_for
from community.profiles.queries import Family, family_of
from community.search import queries
from community.search.answers import A_PAGE, Answer, Reader, answer
from community.search.documents import MOST_HITS
from community.touchpoints.actions import gathered, row_of
from community.touchpoints.models import Verb
from community.touchpoints.views import gather
from community.web.access import current_member, everyone
from community.web.answers import page
from community.web.limits import count
from community.web.numbering import Page, address, asked_number, path_of_page

bp = Blueprint("search", __name__, url_prefix="/<site:site>")
LONGEST = 100
LAST_WEEK = 40 + 52 * 4
HELPFUL = 4
KINDS = {
    "article": _l("Articles"),
    "topic": _l("Conversations"),
    "post": _l("Answers and comments"),
    "product": _l("Products"),
    "review": _l("Reviews"),
    "blogpost": _l("Blogs"),
    "member": _l("Members"),
}


def _week_in(month: int) -> int:
    """A week in the middle of a month of age, after those of pregnancy."""
    return max(stages.LAST_WEEK + 1, stages.week_of(sum(stages.days_of_month(month)) // 2))


Choice = tuple[int, int | None]  # a week on the axis of stages, and the month of age that it stands for
WEEKS: tuple[Choice, ...] = (
    *((week, None) for week in range(stages.FIRST_WEEK, stages.LAST_WEEK + 1)),
    *((_week_in(month), month) for month in range(stages.LAST_MONTH + 1)),
)


@dataclass(frozen=True)
class Asked:
    """What the address asks for."""

    words: str
    kind: str
    week: int | None
    number: int

    @property
    def days(self) -> tuple[int, int] | None:
        """The stage days of the week."""
        return stages.days_of_week(self.week) if self.week else None

    @property
    def is_first_look(self) -> bool:
        """Whether these words are asked for, and nothing of their answer yet."""
        return bool(self.words) and not self.kind and not self.week and self.number == 1


@bp.get("/search")
@everyone
def search() -> Any:
    """What is found for some words, of every kind, for this reader."""
    asked, member = _asked(), current_member()
    if asked.words:
        count("member-search" if member.is_member else "search")
    family = family_of(member, clock.today(g.site.zone))
    found = _answer(asked, family) if asked.words else Answer()
    if found is not None and asked.is_first_look:
        told = {"words": asked.words, "count": found.total}
        gather(row_of(member, Verb.SEARCH_MADE, None, g.site, told), gathered)
    return page("search/search.html", asked=asked, found=found, weeks=_weeks(asked, family), **_around(found, family))


def _asked() -> Asked:
    """The fields of the form, in their bounds."""
    words = " ".join(request.args.get("q", "")[:LONGEST].split())
    kind, week, number = request.args.get("kind", ""), request.args.get("week") or None, asked_number("page") or 1
    week_number = asked_number("week") if week else None
    is_known = kind in ("", *KINDS) and (week_number or stages.FIRST_WEEK) in range(stages.FIRST_WEEK, LAST_WEEK)
    if not is_known or not is_storable(words) or number > MOST_HITS // A_PAGE:
        abort(404)
    return Asked(words, kind, week_number, number)


def _answer(asked: Asked, family: Family) -> Answer | None:
    member = current_member()
    question = queries.question_of(
        g.site, member, family.guard,
        words=asked.words, kinds=frozenset({asked.kind} - {""}), week=asked.days,
    )  # fmt: skip
    return answer(question, Reader(member, family.guard), (asked.number - 1) * A_PAGE)


def _around(found: Answer | None, family: Family) -> dict[str, Any]:
    """What stands around the hits: the kinds to choose from, the pages, and what may help where nothing was found."""
    helps = found is None or not found.hits
    member, today = current_member(), clock.today(g.site.zone)
    return {
        "choices": _choices(found) if found else [],
        "place": Page(asked_number("page") or 1, min(found.total, MOST_HITS)) if found else None,
        "path_of_page": path_of_page,
        "path_of": _path_with,
        "label_of_stage": stages.label,
        "helpful": recommended_for(member, g.site, family, HELPFUL, today) if helps else [],
    }


def _choices(found: Answer) -> list[dict[str, Any]]:
    """The kinds that were found, with how many of each."""
    counts, chosen = dict(found.kinds), request.args.get("kind", "")
    kinds = [kind for kind in KINDS if kind in counts or kind == chosen]
    total = sum(counts.values())
    everything = {"label": _("All (%(count)s)", count=total), "path": _path_with(kind=""), "is_current": not chosen}
    return [everything] + [
        {
            "label": f"{KINDS[kind]} ({counts.get(kind, 0)})",
            "path": _path_with(kind=kind),
            "is_current": kind == chosen,
        }
        for kind in kinds
    ]


def _path_with(**changed: str) -> str:
    """The present search with other fields, from its first page on."""
    asked = {name: request.args.get(name, "") for name in ("q", "kind", "week")} | changed
    return address(request.path, {name: value for name, value in asked.items() if value})


def _weeks(asked: Asked, family: Family) -> tuple[Choice, ...]:
    """The weeks and months to choose from; after "something changed" those of other children alone."""
    if not family.is_guarded:
        return WEEKS
    own = {stages.week_of(day.calendar) for day in family.days}
    return tuple(choice for choice in WEEKS if choice[0] in own or choice[0] == asked.week)
