"""`/marketing/insights`: how it goes, in words, drawings, tables and files, and who stands behind each number."""

from typing import Any

from flask import Blueprint, abort, current_app, request
from werkzeug.wrappers import Response

from community.accounts.views.second_step import asks_code_again
from community.core.csv_out import csv_of
from community.core.db import unit_of_work
from community.core.permissions import Permission
from community.insights import actions, policy
from community.insights.forms import Asked, asked_of
from community.insights.queries import behind, worth
from community.insights.queries.behind import BEHIND
from community.insights.queries.counted import WEEKS
from community.insights.queries.figures import FIGURES, Line
from community.insights.scope import PERIODS
from community.insights.words import COLUMNS, FIRST_COLUMN, KEYS
from community.insights.words import FIGURES as TITLES
from community.marketing.policy import sites_of
from community.personalisation.experiments import FEWEST
from community.profiles.words import PHASES
from community.segments.queries.audience import segments_of
from community.web.access import current_member, needs, require
from community.web.answers import page
from community.web.numbering import A_PAGE, address, asked_number

bp = Blueprint("insights", __name__, url_prefix="/marketing/insights")
HERE = "/marketing/insights"


@bp.get("")
@needs(Permission.INSIGHT_VIEW)
def overview() -> Any:
    """All figures of a period."""
    asked = _asked()
    actor = current_member()
    return page(
        "insights/overview.html",
        asked=asked,
        figures={key: figure(asked.scope) for key, figure in FIGURES.items()},
        titles=TITLES,
        columns=COLUMNS,
        first_column=FIRST_COLUMN,
        keys=KEYS,
        periods=PERIODS,
        weeks_count=len(WEEKS),
        sites=policy.sites_with_figures(actor),
        segments=segments_of(policy.sites_with_figures(actor)),
        may_export=policy.may_export(actor, asked.scope),
        path_behind=_paths_behind(asked) if policy.may_see_members(actor, asked.scope) else None,
        path_of=lambda figure: address(f"{HERE}/{figure}.csv", asked.arguments),
    )


@bp.get("/articles/<int:article_id>")
@needs(Permission.INSIGHT_VIEW)
def article(article_id: int) -> Any:
    """What one article is worth, each figure with its interval."""
    shown = worth.article_by_id(article_id) or abort(404)
    require(shown.site in policy.sites_with_figures(current_member()))
    days, fewest = worth.MONTH.days, FEWEST
    return page("insights/article.html", article=shown, worth=worth.worth_of(shown), days=days, fewest=fewest)


@bp.get("/<string:figure>/members")
@needs(Permission.PROFILE_VIEW)
def members(figure: str) -> Any:
    """Who is counted: by name whoever agreed to a profile, the others as a number."""
    asked, line, column = _number_or_404(figure)
    require(policy.may_see_members(current_member(), asked.scope))
    counted, sites = BEHIND[figure](asked.scope, column, line.of), sites_of(current_member())
    rows = behind.page_of(counted, sites, asked_number("before"), A_PAGE + 1)
    kept = {**asked.arguments, "line": line.of, "column": column}
    return page(
        "insights/members.html",
        asked=asked,
        figure=figure,
        line=line,
        title=TITLES[figure],
        column=COLUMNS[figure][column],
        heads=behind.heads(counted, sites),
        rows=rows[:A_PAGE],
        older=address(request.path, {**kept, "before": rows[A_PAGE - 1][0].id}) if len(rows) > A_PAGE else "",
        overview=address(HERE, asked.arguments),
        phases=PHASES,
    )


@bp.get("/<string:figure>.csv")
@needs(Permission.SEGMENT_EXPORT)
@asks_code_again
def table_csv(figure: str) -> Response:
    """The table of a figure as a file; that it was made is on record before it leaves."""
    asked = _asked()
    require(policy.may_export(current_member(), asked.scope))
    if figure not in FIGURES:
        abort(404)
    text = _table(figure, FIGURES[figure](asked.scope))
    with unit_of_work():
        actions.note_export(figure, current_member(), asked.arguments)
    named = {"Content-Disposition": f'attachment; filename="{figure}.csv"', "Cache-Control": "no-store"}
    return current_app.response_class(text, mimetype="text/csv", headers=named)


def _asked() -> Asked:
    sites = policy.sites_with_figures(current_member())
    require(bool(sites))
    return asked_of(request.args, sites, segments_of(sites))


def _number_or_404(figure: str) -> tuple[Asked, Line, str]:
    """The number that an address names, by its line and column."""
    asked, of, column = _asked(), request.args.get("line"), request.args.get("column", "")
    if column not in COLUMNS.get(figure, {}):
        abort(404)
    line = next((line for line in FIGURES[figure](asked.scope) if line.of and line.of == of), None)
    return asked, line or abort(404), column


def _paths_behind(asked: Asked) -> Any:
    return lambda figure, line, column: address(
        f"{HERE}/{figure}/members", {**asked.arguments, "line": line, "column": column}
    )


def _table(figure: str, lines: list[Line]) -> str:
    heads = FIRST_COLUMN[figure], *COLUMNS[figure].values()
    return csv_of(heads, [(line.label, *line.numbers.values()) for line in lines])
