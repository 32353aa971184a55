"""Editors keep the calendar of their site: gaps, notes and things to do."""

from collections.abc import Callable
from typing import Any

import pytest

from community.articles.models import StageNote, StageTask
from community.core.db import db, unit_of_work
from community.sites.models import SITES
from tests import makers
from tests.articles.studio import token_of, words
from tests.conftest import Browser

WEEK = "/studio/calendar/nl/week/24"
NOTE = {
    "headline": "Your baby hears you.",
    "body": "Sing.",
    "source_title": "NHS",
    "source_url": "https://example.org/",
}
TASK = {"title": "Pack a bag", "hint": "For two nights.", "stage_from": "-70", "stage_to": "-28"}


@pytest.fixture
def task(app: Any) -> StageTask:
    """Something to do on the Dutch site."""
    with unit_of_work():
        made = StageTask(site=SITES["nl"], key="bag", title="Pack", stage_from=-70, stage_to=-28)
        db.session.add(made)
        db.session.flush()
        return made


def test_a_gap_is_marked_until_it_is_filled(as_editor: Browser, visitor: Browser) -> None:
    row = lambda: as_editor.see("/studio/calendar").css_first("#week-24").text()  # noqa: E731
    assert "Gap" in row()
    visitor.get("/nl/pregnancy/24")
    answer = as_editor.send(WEEK, NOTE)
    assert (answer.status_code, answer.location) == (303, "/studio/calendar?for=nl#week-24")
    assert "Your baby hears you." in row()
    assert "Your baby hears you." in visitor.see("/nl/pregnancy/24").text()
    as_editor.send(WEEK, dict.fromkeys(NOTE, ""))
    assert "Gap" in row()
    assert db.session.query(StageNote).count() == 0


def test_week_40_and_the_first_month_are_two_notes(as_editor: Browser) -> None:
    as_editor.send("/studio/calendar/nl/week/40", {**NOTE, "headline": "Any day now."})
    as_editor.send("/studio/calendar/nl/month/0", {**NOTE, "headline": "Hello."})
    page = as_editor.see("/studio/calendar")
    assert "Any day now." in page.css_first("#week-40").text()
    assert "Hello." in page.css_first("#month-0").text()


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"body": ""}, "body"), ({"source_url": "javascript:1"}, "source_url"), ({"headline": "x" * 121}, "headline")],
)
def test_a_note_is_whole_or_not_there(as_editor: Browser, fields: dict[str, str], field: str) -> None:
    answer = as_editor.send(WEEK, {**NOTE, **fields})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text


def test_a_thing_to_do_is_added_changed_and_taken_away(as_editor: Browser, visitor: Browser) -> None:
    assert as_editor.send("/studio/calendar/nl/tasks/new", TASK).status_code == 303
    task = db.session.query(StageTask).one()
    assert (task.title, task.stage_from, task.stage_to) == ("Pack a bag", -70, -28)
    key = task.key
    path = f"/studio/calendar/tasks/{task.id}"
    as_editor.send(path, {**TASK, "title": "Pack two bags"})
    assert [(t.title, t.key) for t in db.session.query(StageTask)] == [("Pack two bags", key)]
    assert "Pack two bags" in words(as_editor.see("/studio/calendar/nl/week/32"), "ul.list a")
    assert as_editor.send(f"{path}/remove").status_code == 303
    assert db.session.query(StageTask).count() == 0
    assert as_editor.get(path).status_code == 404


@pytest.mark.parametrize("fields", [{"title": ""}, {"stage_from": ""}, {"stage_to": "-99"}, {"stage_to": "soon"}])
def test_a_thing_to_do_has_words_and_days(as_editor: Browser, fields: dict[str, str]) -> None:
    assert as_editor.send("/studio/calendar/nl/tasks/new", {**TASK, **fields}).status_code == 422


def test_only_weeks_and_months_of_the_calendar_have_a_page(as_editor: Browser) -> None:
    for path in ("nl/week/3", "nl/week/43", "nl/month/37", "nl/year/1", "xx/week/24", "be-nl/week/24"):
        assert as_editor.get(f"/studio/calendar/{path}").status_code == 404


def test_the_calendar_of_another_site_is_not_there(
    browser_of: Callable[[Any], Browser], task: StageTask, as_editor: Browser
) -> None:
    english = browser_of(makers.member("Ed", role="editor", role_site="en"))
    token = token_of(english, "/studio/calendar/en/week/24", "/studio/calendar/en/week/24")
    for path in (WEEK, "/studio/calendar?for=nl", "/studio/calendar/nl/tasks/new", f"/studio/calendar/tasks/{task.id}"):
        assert english.get(path).status_code == 404
        assert english.post(path, data={**token, **NOTE, **TASK}).status_code in (404, 405)
    assert english.post(f"/studio/calendar/tasks/{task.id}/remove", data=token).status_code == 404
    assert db.session.query(StageTask).count() == 1


def test_the_calendar_costs_the_same_however_full_it_is(
    as_editor: Browser, statements: Callable[[Callable[[], Any]], list[str]]
) -> None:
    few = statements(lambda: as_editor.see("/studio/calendar"))
    for week in range(10, 30):
        as_editor.send(f"/studio/calendar/nl/week/{week}", NOTE)
    many = statements(lambda: as_editor.see("/studio/calendar"))
    assert len(few) == len(many) <= 8
