"""Every number equals what a direct count of the record gives, and the members behind it are those it counts."""

import csv
import io
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from community.core import clock
from community.core.audit import AuditEntry
from community.core.db import db, unit_of_work
from community.insights.queries.behind import BEHIND, heads
from community.insights.queries.figures import FIGURES
from community.insights.scope import Scope
from community.members.models import Member, Visitor
from community.operations.actions import leaving
from community.profiles.models import PhaseChange
from community.segments import actions as segments
from community.segments.conditions import Clause, Group
from community.sites.models import SITES
from community.touchpoints.actions import project
from community.touchpoints.models import Touchpoint, Verb
from community.web.numbering import A_PAGE
from tests import makers

HERE = "/marketing/insights"
BY_MEMBERS = {"key": ("active", "back"), "weeks": ("active", "returning")}


def scope(days: int = 30, **more: Any) -> Scope:
    today = clock.today("Europe/Amsterdam")
    return Scope((SITES["nl"],), today - timedelta(days=days - 1), today, **more)


def numbers(figure: str, asked: Scope | None = None) -> dict[str, dict[str, int]]:
    return {line.of: line.numbers for line in FIGURES[figure](asked or scope())}


def counted_rows(asked: Scope) -> list[Touchpoint]:
    """What a person would count by hand: rows of the period whose person agreed to figures."""
    rows = db.session.scalars(select(Touchpoint))
    return [
        row for row in rows if "a" in row.allows and row.site in asked.sites and asked.since <= row.at < asked.until
    ]


def words(browser: Any, path: str) -> str:
    return " ".join(browser.see(path).css_first("main").text().split())


def test_the_key_figures_equal_a_direct_count_of_the_record(town):
    for asked, column in ((scope(), "now"), (scope().before, "before")):
        found = {of: line[column] for of, line in numbers("key").items()}
        rows = counted_rows(asked)
        verbs = Counter(row.verb for row in rows)
        theirs = {row.member_id for row in rows if row.verb not in ("case.answered", "friend.came")}
        assert found["active"] == len(theirs - {None})
        assert found["joined"] == verbs[Verb.MEMBER_REGISTERED]
        assert found["topics"] == verbs[Verb.TOPIC_STARTED]
        assert found["orders"] == verbs[Verb.ORDER_PLACED]
        assert found["reviews"] == verbs[Verb.REVIEW_WRITTEN]
        assert found["friends"] == verbs[Verb.FRIEND_CAME]
    assert numbers("key")["answered"]["now"] == 1
    assert numbers("key")["back"]["now"] == 1  # Cora, who read forty days ago
    assert numbers("key")["active"] == {"now": 2, "before": 1}


def test_articles_equal_a_direct_count_with_reads_to_the_end(town):
    rows = counted_rows(scope())
    reads = Counter(row.about for row in rows if row.verb == Verb.PAGE_READ)
    ends = Counter(row.about for row in rows if row.verb == Verb.PAGE_LEFT and row.facts["share"] >= 0.9)
    assert numbers("articles") == {about: {"reads": n, "ends": ends[about]} for about, n in reads.items()}
    assert numbers("articles")[town["sleep"].key] == {"reads": 4, "ends": 1}


def test_weeks_equal_a_direct_count_of_who_was_active_and_of_who_was_the_week_before(town):
    asked = scope()
    for week in asked.weeks:
        sets = []
        for since, until in ((week.since, week.until), (_before(asked, week), week.since)):
            rows = db.session.scalars(select(Touchpoint).where(Touchpoint.at >= since, Touchpoint.at < until))
            active = {r.member_id for r in rows if "a" in r.allows and r.verb not in ("case.answered", "friend.came")}
            sets.append(active - {None})
        expected = {"active": len(sets[0]), "returning": len(sets[0] & sets[1])}
        assert numbers("weeks")[week.first.isoformat()] == expected
    assert sum(line["returning"] for line in numbers("weeks").values()) > 0


def _before(asked: Scope, week: Any) -> Any:
    earlier = [other.since for other in asked.weeks if other.since < week.since]
    return earlier[-1] if earlier else week.since - timedelta(days=7)


def test_the_weeks_of_reviews_and_orders_add_up_to_the_key_figures(town):
    for what in ("reviews", "orders"):
        assert sum(line[what] for line in numbers("shop").values()) == numbers("key")[what]["now"] == 1


def test_boards_show_how_many_conversations_were_answered(town):
    assert numbers("boards") == {town["board"].key: {"topics": 2, "answered": 1}}


def test_the_hourglass_equals_the_phases_and_moves_of_members_who_agreed(town):
    project()
    found = numbers("hourglass")
    moves = db.session.scalars(select(PhaseChange).where(PhaseChange.member_id == town["cora"].id)).all()
    assert {phase: line["came"] for phase, line in found.items() if line["came"]} == Counter(m.phase for m in moves)
    assert [line["here"] for line in found.values()] == [0, 0, 0, 0, 0, 0, 1]
    assert [line["farther"] for line in found.values()] == [1, 1, 1, 1, 1, 1, 1]


def test_members_stand_on_the_tape_only_with_a_yes_to_offers_and_never_after_something_changed(town):
    makers.pregnancy(town["cora"])
    makers.child(town["cora"], days_old=100)
    makers.pregnancy(town["ann"])
    there = {step for step, line in numbers("stages").items() if line["members"]}
    assert there == {"week-24", "month-3"}
    with unit_of_work():
        db.session.get_one(Member, town["cora"].id).guarded_since = clock.now()
    assert not any(line["members"] for line in numbers("stages").values())


def test_twins_count_once_for_their_parent(town):
    for _twin in range(2):
        makers.child(town["cora"], days_old=100)
    asked = scope()
    assert numbers("stages", asked)["month-3"] == {"members": 1}
    assert heads(BEHIND["stages"](asked, "members", "month-3"), [SITES["nl"]]).count == 1


def test_every_number_has_as_many_members_or_rows_behind_it(town):
    makers.pregnancy(town["cora"])
    project()
    asked, checked = scope(), 0
    for figure, lines in FIGURES.items():
        for line in lines(asked):
            for column, number in line.numbers.items():
                if line.of and number:
                    behind = heads(BEHIND[figure](asked, column, line.of), [SITES["nl"]])
                    is_of_members = line.of in BY_MEMBERS.get(figure, ()) or column in BY_MEMBERS.get(figure, ())
                    assert (behind.member_count if is_of_members else behind.count) == number, (figure, line, column)
                    checked += 1
    assert checked > 20


def test_names_stand_only_with_a_yes_to_offers_at_that_moment(as_marketer, town, did):
    did(town["cora"], Verb.PAGE_READ, town["food"].key, allows="pa")  # from before the yes
    page = as_marketer.see(f"{HERE}/articles/members?line={town['sleep'].key}&column=reads")
    assert [cell.text() for cell in page.css("tbody td.num")] == ["3"]
    text = " ".join(page.css_first("main").text().split())
    assert "4 counted, by 2 members" in text
    assert "1 of them stands without a name" in text
    assert "Cora" in text
    assert "Ann" not in text
    before = words(as_marketer, f"{HERE}/articles/members?line={town['food'].key}&column=reads")
    assert "Nobody by name" in before
    assert "Cora" not in before


def test_who_asked_for_care_is_counted_and_not_named(as_marketer, town):
    with unit_of_work():
        db.session.get_one(Member, town["cora"].id).guarded_since = clock.now()
    text = words(as_marketer, f"{HERE}/key/members?line=active&column=now")
    assert "Nobody by name" in text
    assert "Cora" not in text
    assert numbers("key")["active"]["now"] == 2
    assert [line.label for line in FIGURES["ambassadors"](scope())] == ["Others, counted without a name"]


def test_what_stands_in_a_club_or_is_kept_quiet_is_put_beside_no_name(as_marketer, town):
    with unit_of_work():
        town["sleep"].is_quiet = True
        db.session.merge(town["sleep"])
    text = words(as_marketer, f"{HERE}/articles/members?line={town['sleep'].key}&column=reads")
    assert "4 counted" in text
    assert "Cora" not in text


def test_whoever_was_erased_counts_nowhere(town):
    project()
    with unit_of_work():
        leaving.erase(db.session.get_one(Member, town["cora"].id), with_posts=True)
    assert numbers("key")["active"]["now"] == 1
    assert not any(line["here"] for line in numbers("hourglass").values())
    assert numbers("articles")[town["sleep"].key]["reads"] == 1
    assert numbers("ambassadors") == {}


def test_a_segment_leaves_only_its_members(as_marketer, town, marketer):
    project()
    with unit_of_work():
        tree = Group((Clause("orders", "at_least", {"number": 1}),))
        kept = segments.keep_segment(SITES["nl"], marketer, "Buyers", tree)
    page = as_marketer.see(f"{HERE}?segment={kept.id}")
    assert "Buyers" in page.css_first("main").text()
    assert numbers("key", scope(segment=kept))["active"]["now"] == 1
    assert numbers("articles", scope(segment=kept)) == {town["sleep"].key: {"reads": 3, "ends": 1}}


def test_the_page_says_each_figure_in_words_with_a_table_and_a_file(as_marketer, town):
    project()
    page = as_marketer.see(HERE)
    assert len(page.css("main table")) == 8
    for key in FIGURES:
        assert page.css_first(f"a[href^='{HERE}/{key}.csv']") is not None
    text = " ".join(page.css_first("main").text().split())
    for said in (
        "“Slapen” was read most: 4 times, 25 % of them to the end.",
        "2 conversations began on these boards, 50 % have an answer.",
        "1 friend came by an ambassador and counted.",
        "1 review was written and 1 order placed.",
        "Of 1 member whose way we know, 1 is at Buy or farther and 1 tells others.",
    ):
        assert said in text


def test_the_words_are_true_where_nothing_is(as_marketer):
    text = words(as_marketer, f"{HERE}?from=2001-01-01&to=2001-01-07")
    for said in (
        "Nobody whom we may count was active in this period.",
        "No article was read by anybody whom we may count.",
        "No conversation began in this period.",
        "No friend came by an ambassador in this period.",
        "0 reviews were written and 0 orders placed.",
        "We know nobody's way yet",
    ):
        assert said in text


def test_every_link_of_the_page_to_members_leads_there(as_marketer, town):
    project()
    links = {a.attributes["href"] for a in as_marketer.see(HERE).css("main a") if "/members?" in a.attributes["href"]}
    assert len(links) > 15
    for link in links:
        assert as_marketer.get(link).status_code == 200


def test_the_file_holds_what_the_table_shows_and_is_on_record(as_marketer, town):
    project()
    page = as_marketer.see(HERE)
    for key in FIGURES:
        answer = as_marketer.get(f"{HERE}/{key}.csv")
        rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
        table = page.css_first(f"section[aria-labelledby={key}] table")
        shown = [[cell.text().strip() for cell in row.css("td")] for row in table.css("tbody tr")]
        assert rows[1:] == shown
        assert rows[0] == [cell.text().strip() for cell in table.css("thead th")]
    assert db.session.query(AuditEntry).filter_by(deed="insight.exported").count() == len(FIGURES)


def test_a_title_that_a_spreadsheet_would_calculate_is_harmless(as_marketer, town, did):
    bad = makers.article("=1+1")
    did(town["cora"], Verb.PAGE_READ, bad.key)
    assert "'=1+1" in as_marketer.get(f"{HERE}/articles.csv").text


def test_only_who_has_the_right_sees_figures_and_what_is_no_number_is_404(visitor, as_bob, as_editor, as_marketer):
    assert visitor.get(HERE).location.startswith("/sign-in?next=")
    assert [b.get(HERE).status_code for b in (as_bob, as_editor)] == [403, 403]
    for path in ("nothing/members", "key/members", "key/members?line=active&column=x", "nothing.csv"):
        assert as_marketer.get(f"{HERE}/{path}").status_code == 404
    for odd in ("?period=x", "?from=2026-13-01&to=y", "?of=zz&segment=999", "?from=9999-01-01&to=9999-02-01"):
        assert as_marketer.get(HERE + odd).status_code == 200


def test_somebody_of_one_site_sees_nothing_of_another(as_marketer, did):
    dale = makers.member("Dale", site="en", consents=("personalisation", "analytics", "mail", "offers"))
    did(dale, Verb.ORDER_PLACED, "order:7")
    assert "0 reviews were written and 0 orders placed." in words(as_marketer, f"{HERE}?of=en")


def test_reading_of_visitors_counts_in_articles_and_nowhere_by_member(as_marketer, town):
    makers.read(town["food"], Visitor(visitor_id="v" * 32), allows="a")
    assert numbers("articles")[town["food"].key] == {"reads": 2, "ends": 0}
    assert numbers("key")["active"]["now"] == 2
    assert "2 counted, by 1 member" in words(
        as_marketer, f"{HERE}/articles/members?line={town['food'].key}&column=reads"
    )


def test_a_period_of_ones_own_holds_its_two_days_and_all_between(as_marketer, town):
    day = clock.today("Europe/Amsterdam") - timedelta(days=10)
    page = as_marketer.see(f"{HERE}?from={day}&to={day}")
    assert "1 review was written and 0 orders placed." in " ".join(page.css_first("main").text().split())
    assert page.css_first("input[name=from]").attributes["value"] == str(day)


def test_a_long_list_of_members_goes_on_by_cursor(as_marketer, did):
    for _number in range(A_PAGE + 2):
        did(makers.member(consents=("analytics", "offers")), Verb.ORDER_PLACED, "order:1", cents=1)
    first = as_marketer.see(f"{HERE}/key/members?line=orders&column=now")
    older = next(a.attributes["href"] for a in first.css("main a.btn") if "before=" in a.attributes["href"])
    rest = as_marketer.see(older)
    assert [len(page.css("main tbody tr")) for page in (first, rest)] == [A_PAGE, 2]


@pytest.mark.parametrize("path", [HERE, f"{HERE}/weeks/members?column=active&line="])
def test_statements_do_not_grow_with_the_members(as_marketer, did, statements, path):
    asked = scope()
    path += asked.weeks[-1].first.isoformat() if path.endswith("=") else ""
    counts = []
    for more in (5, 45):
        _fill(more, did)
        as_marketer.get(path)
        counts.append(len(statements(lambda: as_marketer.get(path))))
    assert counts[0] == counts[1] < 40


def _fill(count: int, did: Any) -> None:
    board = makers.board(f"Board {makers.number()}")
    for _number in range(count):
        person = makers.member(consents=("personalisation", "analytics", "mail", "offers"))
        makers.topic(board, person)
        did(person, Verb.PAGE_READ, makers.article().key)
        did(person, Verb.FRIEND_CAME, person.key, referral_id=person.id)
    project()
