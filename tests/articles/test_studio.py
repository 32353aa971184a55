"""An editor writes, schedules, moves and withdraws; what readers see follows at once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from community.articles.models import Article
from community.core import clock
from community.core.db import db
from community.core.permissions import ALLOWS, Permission, Role
from community.items.models import State
from community.sites.models import SITES
from community.touchpoints.models import Touchpoint, Verb
from tests import makers
from tests.articles.studio import NEW, WORDS, stored, token_of, words, write
from tests.conftest import Browser


def local(distance: timedelta) -> str:
    return (clock.now() + distance).astimezone(ZoneInfo("Europe/Amsterdam")).strftime("%Y-%m-%dT%H:%M")


def test_a_draft_is_seen_by_editors_alone(as_editor: Browser, visitor: Browser) -> None:
    address = write(as_editor)
    assert as_editor.see(address).css_first("input[name=title]").attributes["value"] == "A walk in the rain"
    assert "A walk in the rain" in as_editor.see("/studio/?state=draft").text()
    assert visitor.get("/nl/articles/a-walk-in-the-rain").status_code == 404


def test_what_is_published_is_live_at_once_and_told_once(as_editor: Browser, visitor: Browser, editor: Any) -> None:
    address = write(as_editor, action="publish")
    assert visitor.see("/nl/articles/a-walk-in-the-rain").css_first("h1").text(strip=True) == "A walk in the rain"
    article = stored(address)
    assert (article.state, article.author_id, article.minutes) == (State.LIVE, editor.id, 1)
    assert "<strong>boots</strong>" in article.body_html
    as_editor.send(address, {**WORDS, "body": "Longer.", "action": "publish"})
    told = db.session.query(Touchpoint).filter_by(verb=Verb.ARTICLE_PUBLISHED, about=article.key)
    assert [touchpoint.member_id for touchpoint in told] == [editor.id]


def test_from_schedule_to_withdrawal(as_editor: Browser, visitor: Browser, run_jobs: Callable[[], int]) -> None:
    address = write(as_editor, action="schedule", publish_at=local(timedelta(minutes=2)))
    run_jobs()
    assert visitor.get("/nl/articles/a-walk-in-the-rain").status_code == 404
    clock.move_by(timedelta(minutes=3))
    run_jobs()
    assert visitor.get("/nl/articles/a-walk-in-the-rain").status_code == 200
    assert "A walk in the rain" in visitor.see("/nl/articles/").text()
    assert "A walk in the rain" in visitor.get("/nl/feed.xml").text

    as_editor.send(address, {**WORDS, "slug": "walking-in-the-rain", "action": "publish"})
    moved = visitor.get("/nl/articles/a-walk-in-the-rain")
    assert (moved.status_code, moved.location) == (301, "/nl/articles/walking-in-the-rain")

    as_editor.send(address, {**WORDS, "slug": "walking-in-the-rain", "action": "withdraw"})
    for gone in ("/nl/articles/walking-in-the-rain", "/nl/articles/a-walk-in-the-rain"):
        assert visitor.get(gone).status_code == 404
    for lists in ("/nl/articles/", "/nl/feed.xml", "/nl/", "/sitemap.xml"):
        assert "in-the-rain" not in visitor.get(lists, follow_redirects=True).text


def test_moving_the_moment_moves_the_publishing(as_editor: Browser, run_jobs: Callable[[], int]) -> None:
    address = write(as_editor, action="schedule", publish_at=local(timedelta(hours=1)))
    as_editor.send(address, {**WORDS, "action": "schedule", "publish_at": local(timedelta(hours=3))})
    clock.move_by(timedelta(hours=2))
    run_jobs()
    assert stored(address).state == State.SCHEDULED
    as_editor.send(address, {**WORDS, "action": "schedule", "publish_at": local(timedelta(minutes=10))})
    clock.move_by(timedelta(minutes=11))
    run_jobs()
    assert stored(address).state == State.LIVE


def test_what_was_called_off_stays_off(as_editor: Browser, run_jobs: Callable[[], int]) -> None:
    address = write(as_editor, action="schedule", publish_at=local(timedelta(hours=1)))
    as_editor.send(address, {**WORDS, "action": "draft"})
    clock.move_by(timedelta(days=8))
    run_jobs()
    assert stored(address).state == State.DRAFT


def test_a_week_of_being_off_publishes_late_and_once(as_editor: Browser, run_jobs: Callable[[], int]) -> None:
    address = write(as_editor, action="schedule", publish_at=local(timedelta(hours=1)))
    clock.move_by(timedelta(days=7))
    run_jobs()
    first = stored(address).published_at
    clock.move_by(timedelta(days=-3))
    run_jobs()
    assert stored(address).published_at == first


def test_the_moment_is_on_the_clock_of_the_site(as_editor: Browser) -> None:
    address = write(as_editor, action="schedule", publish_at="2031-07-01T07:00")
    assert stored(address).publish_at.isoformat() == "2031-07-01T05:00:00+00:00"
    shown = as_editor.see(address).css_first("input[name=publish_at]").attributes["value"]
    assert shown == "2031-07-01T07:00"


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        ({"title": " "}, "title", "Give it a title"),
        ({"summary": "", "action": "publish"}, "summary", "Say in a sentence or two"),
        ({"body": "", "action": "publish"}, "body", "There is no text yet"),
        ({"action": "schedule"}, "publish_at", "Choose the day and time"),
        ({"action": "schedule", "publish_at": "2020-01-01T10:00"}, "publish_at", "This moment has passed"),
        ({"action": "schedule", "publish_at": "2027-02-31T10:00"}, "publish_at", "This moment does not exist"),
        ({"stage_from": "ten"}, "stage_from", "whole number of days"),
        ({"stage_from": "-100"}, "stage_from", "both days, or neither"),
        ({"stage_to": "-100"}, "stage_to", "both days, or neither"),
        ({"stage_from": "-90", "stage_to": "-100"}, "stage_to", "before the first one"),
        ({"stage_from": "-99999", "stage_to": "-100"}, "stage_from", "the last period"),
        ({"reviewed_on": "2027-02-31"}, "reviewed_on", "This day does not exist"),
        ({"reviewed_on": "2020-02-01"}, "reviewed_on", "who checked it"),
        ({"sources": "A title | Somebody | javascript:alert(1)"}, "sources", "must begin with https://"),
        ({"theme": "no-such-theme"}, "theme", "one of the themes"),
        ({"title": "x" * 200}, "title", "under 150"),
        ({"body": "x" * 100_001}, "body", "under 100000"),
        ({"title": "NUL \0"}, "title", "cannot be stored"),
    ],
)
def test_a_mistake_is_said_at_its_field_and_the_text_stays(
    as_editor: Browser, fields: dict[str, str], field: str, said: str
) -> None:
    answer = as_editor.send(NEW, {**WORDS, "tags": "boots", "action": "draft", **fields})
    page = HTMLParser(answer.text)
    assert answer.status_code == 422
    assert said in page.css_first(f"#{field}-error").text()
    assert page.css_first(f"[name={field}]").attributes["aria-invalid"] == "true"
    assert page.css_first("input[name=tags]").attributes["value"] == "boots"
    assert page.css_first("title").text().startswith("Error:")
    assert db.session.query(Article).count() == 0
    assert as_editor.see(NEW).css_first("input[name=tags]").attributes["value"] == "boots"  # kept as a draft


def test_all_fields_come_back_as_they_were_saved(as_editor: Browser) -> None:
    expert = makers.member("Okafor", role="expert")
    makers.article("Other", theme="Sleep")
    fields = {
        "theme": "sleep",
        "tags": "boots, coats",
        "stage_from": "-119",
        "stage_to": "-92",
        "stage_basis": "calendar",
        "reviewer": str(expert.id),
        "reviewed_on": "2026-01-02",
        "sources": "Rain | Weather office | https://example.org/rain\nA book",
    }
    address = write(as_editor, **fields)
    article = stored(address)
    assert (article.theme.name, {tag.name for tag in article.tags}) == ("Sleep", {"Sleep", "boots", "coats"})
    assert [source["title"] for source in article.sources] == ["Rain", "A book"]
    assert all(source["seen_on"] for source in article.sources)
    page = as_editor.see(address)
    assert page.css_first("select[name=theme] option[selected]").attributes["value"] == "sleep"
    assert page.css_first("textarea[name=sources]").text().strip() == fields["sources"]
    assert page.css_first("input[name=stage_basis][checked]").attributes["value"] == "calendar"
    answer = as_editor.send(address, {"title": "Only the title", "action": "draft"})
    assert answer.status_code == 303
    article = stored(address)
    assert (article.title, article.theme.slug, article.stage_to) == ("Only the title", "sleep", -92)
    assert (article.reviewer_id, article.stage_basis, article.summary) == (expert.id, "calendar", WORDS["summary"])


def test_a_taken_address_is_refused_and_a_made_one_gets_a_number(as_editor: Browser) -> None:
    write(as_editor)
    assert stored(write(as_editor)).slug == "a-walk-in-the-rain-2"
    answer = as_editor.send(NEW, {**WORDS, "slug": "a-walk-in-the-rain"})
    assert (answer.status_code, "has this address already" in answer.text) == (422, True)


def test_a_form_sent_twice_makes_one_article(as_editor: Browser) -> None:
    page = as_editor.see(NEW)
    hidden = {i.attributes["name"]: i.attributes.get("value") or "" for i in page.css("form.editor input[type=hidden]")}
    places = [as_editor.post(NEW, data={**hidden, **WORDS, "action": "draft"}).location for _ in range(2)]
    assert places[0] == places[1]
    assert db.session.query(Article).count() == 1


def test_preview_shows_the_page_and_keeps_the_text(as_editor: Browser) -> None:
    answer = as_editor.send(NEW, {**WORDS, "body": "**Boots** <script>alert(1)</script>", "action": "preview"})
    page = HTMLParser(answer.text)
    assert answer.status_code == 200
    assert words(page, "#preview strong") == ["Boots"]
    assert page.css("#preview script") == []
    assert page.css_first("textarea[name=body]").text().strip() == "**Boots** <script>alert(1)</script>"
    assert db.session.query(Article).count() == 0


def test_the_preview_of_a_script_is_safe_html(as_editor: Browser) -> None:
    answer = as_editor.post(
        "/studio/preview",
        data={**token_of(as_editor, NEW, NEW), "body": "**Boots** [x](javascript:1) <b onclick=1>"},
    )
    assert "<strong>Boots</strong>" in answer.text
    assert "href" not in answer.text
    assert "<b " not in answer.text


def test_advice_names_what_is_missing_and_is_silent_when_nothing_is(as_editor: Browser) -> None:
    answer = as_editor.send(NEW, {"title": "x" * 90, "body": "#### Deep", "action": "preview"})
    said = " ".join(words(HTMLParser(answer.text), ".editor__advice li"))
    for part in ("no picture", "no theme", "no summary", "very long", "skips a level", "who checked it", "no source"):
        assert part in said


def test_an_article_of_another_site_is_not_there(as_editor: Browser) -> None:
    other = makers.article("English", site="en")
    for path in ("", "/history", "/compare?from=1&to=1"):
        assert as_editor.get(f"/studio/articles/{other.id}{path}").status_code == 404
    assert (
        as_editor.post(f"/studio/articles/{other.id}", data={**token_of(as_editor, NEW, NEW), **WORDS}).status_code
        == 404
    )
    assert "English" not in as_editor.see("/studio/").css_first("main").text()
    assert as_editor.get(NEW + "?for=en").status_code == 404


def test_an_editor_whose_own_site_is_another_one_gets_to_work(browser_of: Callable[[Any], Browser]) -> None:
    browser = browser_of(makers.member("Lotte", site="en", role="editor", role_site="nl"))
    assert stored(write(browser)).site == SITES["nl"]


def test_who_may_write_but_not_publish_saves_drafts(as_editor: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    live = makers.article("Live")
    monkeypatch.setitem(ALLOWS, Role.EDITOR, frozenset({Permission.ARTICLE_WRITE}))
    assert stored(write(as_editor)).state == State.DRAFT
    assert as_editor.send(NEW, {**WORDS, "action": "publish"}).status_code == 403
    assert as_editor.send(f"/studio/articles/{live.id}", {**WORDS, "action": "withdraw"}).status_code == 403
    assert stored(f"/{live.id}").title == "Live"


@pytest.mark.parametrize(
    "path",
    ["/studio/", NEW, "/studio/articles/1", "/studio/articles/1/history", "/studio/articles/1/compare",
     "/studio/calendar", "/studio/calendar/nl/week/24", "/studio/calendar/nl/tasks/new", "/studio/calendar/tasks/1",
     "/studio/calendar/tasks/1/remove"],
)  # fmt: skip
def test_the_studio_is_for_editors(path: str, visitor: Browser, as_anna: Browser, as_moderator: Browser) -> None:
    answer = visitor.get(path)
    assert (answer.status_code, answer.location.split("?")[0]) == (302, "/sign-in")
    assert as_anna.get(path).status_code == 403
    assert as_moderator.get(path).status_code == 403


@pytest.mark.parametrize(
    "path",
    ["/studio/preview", "/studio/drafts/article:new", "/studio/drafts/article:new/drop", "/studio/articles/1/restore"],
)
def test_posting_to_the_studio_is_for_editors(path: str, visitor: Browser, as_anna: Browser) -> None:
    assert as_anna.post(path, data={**token_of(as_anna, "/nl/", "/sign-out")}).status_code == 403
    assert visitor.post(path).status_code in (302, 400)


def test_unknown_actions_are_not_guessed(as_editor: Browser) -> None:
    assert as_editor.send(NEW, {**WORDS, "action": "explode"}).status_code == 400


def test_the_list_costs_the_same_for_five_and_for_fifty(
    as_editor: Browser, statements: Callable[[Callable[[], Any]], list[str]], editor: Any
) -> None:
    for _ in range(5):
        makers.article(theme="Sleep", author=editor)
    few = statements(lambda: as_editor.see("/studio/"))
    for _ in range(45):
        makers.article(theme="Sleep", author=editor)
    many = statements(lambda: as_editor.see("/studio/"))
    assert len(few) == len(many) <= 8


def test_the_editor_costs_the_same_for_five_and_for_fifty(
    as_editor: Browser, statements: Callable[[Callable[[], Any]], list[str]], editor: Any
) -> None:
    article = makers.article(theme="Sleep", author=editor)
    few = statements(lambda: as_editor.see(f"/studio/articles/{article.id}"))
    for _ in range(50):
        makers.article(theme="Sleep", site="en", author=editor)
    many = statements(lambda: as_editor.see(f"/studio/articles/{article.id}"))
    assert len(few) == len(many) <= 9


def test_the_list_is_narrowed_by_state_words_and_author(as_editor: Browser, editor: Any) -> None:
    makers.article("Rain", author=editor)
    makers.article("Snow", state=State.DRAFT)
    titles = lambda query: words(as_editor.see(f"/studio/?{query}"), "tbody th")  # noqa: E731
    assert titles("state=draft") == ["Snow"]
    assert titles("q=RAI") == ["Rain"]
    assert titles("q=%25") == []
    assert titles("mine=1") == ["Rain"]
    assert as_editor.get("/studio/?page=2").status_code == 404


def test_a_translation_is_joined_to_its_article(as_admin: Browser, visitor: Browser) -> None:
    english = makers.article("Rain", site="en")
    fields = {**WORDS, "translates": str(english.id), "action": "publish"}
    answer = as_admin.send(NEW, fields, page=NEW + "?for=nl")
    article = stored(answer.location)
    assert article.translation_key == english.key
    assert stored(f"/{english.id}").translation_key == english.key
    page = as_admin.see(answer.location)
    assert page.css_first("select[name=translates] option[selected]").attributes["value"] == str(english.id)
    again = as_admin.send(NEW, fields, page=NEW + "?for=nl")
    assert (again.status_code, "translates that one already" in again.text) == (422, True)
