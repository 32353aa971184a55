"""The page of the one box."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, g, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from community.core import clock, stages
from community.core.text import is_storable
from community.personalisation.queries import recommended_for
from community.profiles.queries import Family, family_of
from community.search import desk, queries
from community.search.answers import A_PAGE, Answer, Reader, answer, named
from community.search.documents import LONGEST, MOST_HITS, Question
from community.search.filters import SINCE, Narrowed, filters_of
from community.search.weeks import LAST_WEEK, days_of, weeks_of
from community.touchpoints.actions import Gathered, gathered, row_of
from community.touchpoints.models import Verb
from community.touchpoints.views import gather
from community.web.access import current_member, everyone
from community.web.answers import page
from community.web.limits import count
from community.web.numbering import Page, address, asked_number, path_of_page

bp = Blueprint("search", __name__, url_prefix="/<site:site>")
HELPFUL = 4
COMPLETIONS = 6
FIELDS = "q", "kind", "week", "theme", "board", "stars", "since", "near", "exact"
counted = Gathered(desk.count_searches)
KINDS = {
    "article": _l("Articles"),
    "topic": _l("Conversations"),
    "post": _l("Answers and comments"),
    "product": _l("Products"),
    "review": _l("Reviews"),
    "blogpost": _l("Blogs"),
    "member": _l("Members"),
}


@dataclass(frozen=True)
class Asked:
    """What the address asks for."""

    words: str
    kind: str
    week: int | None
    narrowed: Narrowed
    number: int
    is_exact: bool
    is_plain: bool  # nothing is lifted because of the reader's weeks

    @property
    def is_first_look(self) -> bool:
        """Whether these words are asked for, and nothing of their answer yet."""
        return bool(self.words) and not (self.kind or self.week or self.narrowed.is_any) and self.number == 1


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
        _tell(asked.words, found)
    return page("search/search.html", asked=asked, found=found, **_around(asked, found, family))


@bp.get("/search/begun")
@everyone
def begun() -> str:
    """Titles that go on as the words that somebody is typing: a piece of a page."""
    count("search-begun")
    words = _words("q")
    family = family_of(current_member(), clock.today(g.site.zone))
    hits = named(_question(words, family, is_begun=True), Reader(current_member(), family.guard), COMPLETIONS)
    return render_template("search/_begun.html", titles=dict.fromkeys(hit.name for hit in hits))


def _tell(words: str, found: Answer) -> None:
    """Record the search of who agreed to it, and count it for everybody."""
    told = {"words": words, "count": found.total}
    gather(row_of(current_member(), Verb.SEARCH_MADE, None, g.site, told), gathered)
    known = desk.said_as(words, g.site.language)
    if known:
        empty = int(not found.is_good or bool(found.instead))
        gather({"site": g.site, "day": clock.today(g.site.zone), "words": known, "empty_count": empty}, counted)


def _asked() -> Asked:
    """The fields of the form, in their bounds."""
    kind, week = request.args.get("kind", ""), _number("week")
    number = asked_number("page") or 1
    narrowed = Narrowed(_number("theme"), _number("board"), _number("stars"), request.args.get("since", ""))
    is_known = kind in ("", *KINDS) and (week or stages.FIRST_WEEK) in range(stages.FIRST_WEEK, LAST_WEEK)
    if not is_known or number > MOST_HITS // A_PAGE or narrowed.since not in ("", *SINCE):
        abort(404)
    is_exact, is_plain = request.args.get("exact") == "1", request.args.get("near") == "off"
    return Asked(_words("q"), kind, week, narrowed, number, is_exact, is_plain)


def _number(name: str) -> int | None:
    return asked_number(name) if request.args.get(name) else None


def _words(name: str) -> str:
    words = " ".join(request.args.get(name, "")[:LONGEST].split())
    return words if is_storable(words) else abort(404)


def _answer(asked: Asked, family: Family) -> Answer | None:
    question = _question(
        asked.words,
        family,
        kinds=frozenset({asked.kind} - {""}),
        week=days_of(asked.week),
        chosen=asked.narrowed.marks(clock.today(g.site.zone)),
        near=() if asked.is_plain else tuple(day.calendar for day in family.days),
    )
    reader = Reader(current_member(), family.guard)
    return answer(question, reader, (asked.number - 1) * A_PAGE, asked.is_exact)


def _question(words: str, family: Family, **asked: Any) -> Question:
    synonyms = desk.taught(g.site).synonyms
    return queries.question_of(g.site, current_member(), family.guard, words=words, synonyms=synonyms, **asked)


def _around(asked: Asked, found: Answer | None, family: Family) -> dict[str, Any]:
    """What stands around the hits: what to choose from, the pages, and what may help where nothing was found."""
    helps = found is None or not found.hits
    member, today = current_member(), clock.today(g.site.zone)
    return {
        "choices": _choices(found) if found else [],
        "filters": filters_of(found, asked.narrowed, today) if found and asked.words else (),
        "weeks": weeks_of(found.counts if found else {}, family, asked.week),
        "may_lift": bool(family.days),
        "promoted": _promoted(asked, family),
        "place": Page(asked.number, min(found.total, MOST_HITS)) if found else None,
        "path_of_page": path_of_page,
        "path_of": _path_with,
        "label_of_stage": stages.label,
        "helpful": recommended_for(member, g.site, family, HELPFUL, today) if helps else [],
    }


def _promoted(asked: Asked, family: Family) -> list[Any]:
    """What editors put first for these words; a statement only where there is any."""
    ids = desk.taught(g.site).promoted.get(desk.said_as(asked.words, g.site.language), ()) if asked.words else ()
    return queries.promoted(ids, g.site, current_member(), family.guard) if ids and asked.is_first_look else []


def _choices(found: Answer) -> list[dict[str, Any]]:
    """The kinds that were found, with how many of each."""
    chosen, path = request.args.get("kind", ""), _path_with(kind="")
    label = _("All (%(count)s)", count=sum(found.kinds.values()))
    return [{"label": label, "path": path, "is_current": not chosen}] + [
        {
            "label": f"{KINDS[kind]} ({found.kinds.get(kind, 0)})",
            "path": f"{path}&kind={kind}",
            "is_current": kind == chosen,
        }
        for kind in KINDS
        if kind in found.kinds or kind == chosen
    ]


def _path_with(**changed: str) -> str:
    """The present search with other fields, from its first page on."""
    asked = {name: value for name, value in request.args.items() if name in FIELDS} | changed
    return address(request.path, {name: value for name, value in asked.items() if value})
