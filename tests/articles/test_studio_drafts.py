"""No text is lost: drafts while typing, versions of every save, and two editors at once."""

from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from community.articles.models import Article, Revision
from community.core.db import db, unit_of_work
from community.core.limits import limiter
from community.items import queries as items
from community.items.models import Draft, State
from community.members.models import Member
from community.operations.actions import leaving
from tests import makers
from tests.articles.studio import NEW, WORDS, stored, token_of, words, write
from tests.conftest import Browser


def keep(browser: Browser, about: str, page: str, **fields: str) -> Any:
    """What the page's script sends every few seconds."""
    return browser.post(f"/studio/drafts/{about}", data={**token_of(browser, page, page), **fields})


def test_what_is_typed_is_kept_and_shown_again(as_editor: Browser) -> None:
    answer = keep(as_editor, "article:new", NEW, **WORDS)
    assert answer.json["saying"].startswith("Draft kept at ")
    page = as_editor.see(NEW)
    assert "You have unsaved text from" in page.text()
    assert page.css_first("input[name=title]").attributes["value"] == WORDS["title"]
    assert WORDS["title"] in as_editor.see("/studio/").css_first(".note--honey").text()


def test_only_throw_away_loses_it(as_editor: Browser) -> None:
    keep(as_editor, "article:new", NEW, **WORDS)
    for _ in range(2):
        assert as_editor.see(NEW).css_first("input[name=title]").attributes["value"] == WORDS["title"]
    assert as_editor.send("/studio/drafts/article:new/drop", {}, page=NEW).status_code == 303
    assert as_editor.see(NEW).css_first("input[name=title]").attributes["value"] == ""
    assert db.session.query(Draft).count() == 0


def test_saving_drops_the_draft_and_a_late_one_does_not_come_back(as_editor: Browser) -> None:
    hidden = token_of(as_editor, NEW, NEW)
    as_editor.post("/studio/drafts/article:new", data={**hidden, **WORDS})
    address = as_editor.post(NEW, data={**hidden, **WORDS, "action": "draft"}).location
    as_editor.post("/studio/drafts/article:new", data={**hidden, **WORDS})
    assert db.session.query(Draft).count() == 0
    assert "unsaved text" not in as_editor.see(address).text()


def test_a_draft_that_says_what_is_stored_is_not_offered(as_editor: Browser) -> None:
    address = write(as_editor)
    about = f"article:{stored(address).id}"
    keep(as_editor, about, address, **WORDS, tags="")
    assert "unsaved text" not in as_editor.see(address).text()
    keep(as_editor, about, address, **{**WORDS, "body": "Other"})
    assert as_editor.see(address).css_first("textarea[name=body]").text().strip() == "Other"


def test_drafts_are_ones_own_and_of_ones_own_articles(
    as_editor: Browser, as_admin: Browser, editor: Any, admin: Any
) -> None:
    keep(as_editor, "article:new", NEW, **WORDS)
    assert as_admin.see(NEW).css_first("input[name=title]").attributes["value"] == ""
    other = makers.article("English", site="en")
    for about in (f"article:{other.id}", "article:999", "member:1", "article:x"):
        assert keep(as_editor, about, NEW, **WORDS).status_code == 404
    assert [draft.member_id for draft in db.session.query(Draft)] == [editor.id]


def test_a_draft_keeps_known_fields_only_and_not_too_much(as_editor: Browser, editor: Any) -> None:
    keep(as_editor, "article:new", NEW, title="x" * 200_000, author_id="1", action="publish")
    kept = items.draft(editor.id, "article:new")
    assert kept is not None
    assert len(kept.fields["title"]) == 100_000
    assert set(kept.fields) <= {"title", "version", "site"}


def test_keeping_drafts_has_a_limit(as_editor: Browser, app: Any) -> None:
    hidden = token_of(as_editor, NEW, NEW)
    limiter.begin({**app.config, "LIMITS": "on"})
    try:
        answers = [as_editor.post("/studio/drafts/article:new", data=hidden).status_code for _ in range(61)]
    finally:
        limiter.begin(app.config)
    assert (answers[:60].count(200), answers[60]) == (60, 429)


def test_erasing_a_member_takes_the_drafts_and_leaves_the_articles(as_editor: Browser, editor: Any) -> None:
    write(as_editor)
    keep(as_editor, "article:new", NEW, **WORDS)
    with unit_of_work():
        leaving.erase(db.session.get_one(Member, editor.id), with_posts=False)
    assert (db.session.query(Draft).count(), db.session.query(Article).count()) == (0, 1)


def test_a_stale_save_overwrites_nothing_and_shows_both(as_editor: Browser, as_admin: Browser) -> None:
    address = write(as_editor, tags="coats")
    hidden = token_of(as_editor, address, address)
    as_admin.send(address, {**WORDS, "summary": "Theirs.", "title": "Their title", "action": "draft"})
    mine = {**hidden, **WORDS, "body": "My **new** words.", "title": "My title", "action": "draft"}
    answer = as_editor.post(address, data=mine)
    page = HTMLParser(answer.text)
    assert answer.status_code == 409
    assert "Ada saved it" in page.text()
    assert page.css_first("textarea[name=body]").text().strip() == "My **new** words."
    chosen = {i.attributes["name"]: i.attributes["value"] for i in page.css("fieldset input[name^=take-][checked]")}
    assert chosen == {"take-title": "mine", "take-summary": "stored", "take-body": "mine"}
    assert "You both changed this" in page.text()
    assert (stored(address).title, stored(address).version) == ("Their title", 2)

    again = {i.attributes["name"]: i.attributes["value"] for i in page.css("form.editor input[type=hidden]")}
    answer = as_editor.post(address, data={**mine, **again, **chosen})
    assert answer.status_code == 303, answer.text[:500]
    article = stored(address)
    assert (article.title, article.summary, article.body) == ("My title", "Theirs.", "My **new** words.")
    assert article.version == 3


def test_a_conflict_is_also_kept_as_a_draft(as_editor: Browser, as_admin: Browser) -> None:
    address = write(as_editor)
    hidden = token_of(as_editor, address, address)
    as_admin.send(address, {**WORDS, "summary": "Theirs.", "action": "draft"})
    as_editor.post(address, data={**hidden, **WORDS, "body": "Mine", "action": "draft"})
    page = as_editor.see(address)
    assert page.css_first("textarea[name=body]").text().strip() == "Mine"
    assert page.css_first("input[name=version]").attributes["value"] == "1"  # so that saving compares again


def test_every_save_is_a_version_and_comes_back(as_editor: Browser, editor: Any) -> None:
    address = write(as_editor, action="publish")
    as_editor.send(address, {**WORDS, "title": "Second", "body": "Take **shoes**.", "action": "publish"})
    page = as_editor.see(f"{address}/history")
    assert words(page, "tbody th") == ["2", "1"]
    assert words(page, "tbody tr:first-child td")[1] == editor.name
    compared = as_editor.see(f"{address}/compare?from=1&to=2")
    assert [n.text() for n in compared.css("del")] == ["A walk in the rain", "## Go out\n\n", "boots"]
    assert words(compared, "ins") == ["Second", "shoes"]
    answer = as_editor.send(f"{address}/restore", {}, page=f"{address}/compare?from=1&to=2")
    assert (answer.status_code, answer.location) == (303, address)
    article = stored(address)
    assert (article.title, article.state, article.version) == (WORDS["title"], State.LIVE, 3)
    assert "<strong>boots</strong>" in article.body_html


def test_versions_that_are_not_there_are_not_there(as_editor: Browser) -> None:
    address = write(as_editor)
    for query in ("", "?from=1", "?from=1&to=9", "?from=x&to=1"):
        assert as_editor.get(f"{address}/compare{query}").status_code == 404
    fields = {"version": "77"}
    answer = as_editor.post(f"{address}/restore", data={**token_of(as_editor, address, address), **fields})
    assert answer.status_code == 404


def test_what_was_imported_is_kept_before_its_first_save(as_editor: Browser) -> None:
    article = makers.article("Imported", body="<p>Old <b>words</b></p>", is_html=True, version=1)
    address = f"/studio/articles/{article.id}"
    shown = as_editor.see(address)
    assert shown.css_first("textarea[name=body]").attributes["data-preview"] == "/studio/preview?html=1"
    as_editor.send(address, {"title": "Only the title", "action": "publish"})
    assert (stored(address).is_html, stored(address).body_html.strip()) == (True, "<p>Old words</p>")
    as_editor.send(address, {"body": "# New", "action": "publish"})
    assert (stored(address).is_html, "<h2" in stored(address).body_html) == (False, True)
    kept = db.session.query(Revision).filter_by(article_id=article.id).order_by(Revision.version)
    assert [(r.version, r.fields["is_html"], r.editor_id is None) for r in kept] == [
        (1, True, True),
        (2, True, False),
        (3, False, False),
    ]


def test_comparing_stands_any_shape_of_text(as_editor: Browser) -> None:
    address = write(as_editor, body="a\n" * 40_000)
    as_editor.send(address, {**WORDS, "body": "<i>" * 30_000, "action": "draft"})
    answer = as_editor.get(f"{address}/compare?from=1&to=2")
    assert answer.status_code == 200
    assert "<i>" not in answer.text


@pytest.mark.parametrize("role", ["moderator", None])
def test_a_role_that_was_taken_ends_the_work_at_once(as_editor: Browser, editor: Any, role: str | None) -> None:
    address = write(as_editor)
    with unit_of_work():
        db.session.get_one(type(editor), editor.id).role_names = [f"{role}@nl"] if role else []
    assert as_editor.get(address).status_code == 403
    assert as_editor.get("/studio/").status_code == 403
