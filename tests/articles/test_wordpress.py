"""`flask import wordpress` on an export of our own: what becomes of each row, once and again."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from community.articles.models import Article
from community.core.db import db, unit_of_work
from community.items.models import OldAddress, Post, State
from community.members.models import Member
from tests import makers

FILES = Path(__file__).parent / "wxr"
BLOG = FILES / "blog.xml"
Run = Callable[..., dict[str, Any]]


@pytest.fixture
def run(app: Flask) -> Run:
    """The command with `--json`; its object, with the exit status as `status`."""

    def command(path: Path, *options: str, site: str = "en") -> dict[str, Any]:
        db.session.remove()
        arguments = ["import", "wordpress", str(path), "--site", site, "--json", *options]
        answer = app.test_cli_runner().invoke(args=arguments)
        assert not answer.exception or isinstance(answer.exception, SystemExit), answer.exc_info
        said = json.loads(answer.stdout) if answer.stdout.startswith("{") else {"words": answer.output}
        return said | {"status": answer.exit_code}

    return command


def article(title: str) -> Article:
    return db.session.scalars(select(Article).where(Article.title == title)).one()


def posts(title: str) -> list[Post]:
    query = select(Post).where(Post.item_id == article(title).id).order_by(Post.number)
    return list(db.session.scalars(query))


def changed_copy(tmp_path: Path, *changes: tuple[str, str]) -> Path:
    """The same blog, exported again after something was changed there."""
    text = BLOG.read_text()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = tmp_path / "blog.xml"
    path.write_text(text)
    return path


def sums(said: dict[str, Any]) -> dict[str, int]:
    outcomes = ("created", "updated", "unchanged", "skipped")
    return {kind: sum(said[outcome][kind] for outcome in outcomes) for kind in said["found"]}


def whys(said: dict[str, Any], what: str) -> list[str]:
    return [problem["why"] for problem in said["problems"] if what in problem["what"]]


def test_every_row_is_counted_under_its_own_type(run: Run) -> None:
    said = run(BLOG)
    assert said["found"] == {
        "comments": 7, "authors": 1, "categories": 2, "tags": 1,
        "post": 12, "page": 1, "attachment": 1, "nav_menu_item": 1, "product": 1,
    }  # fmt: skip
    assert sums(said) == said["found"]
    assert (said["created"]["post"], said["created"]["page"], said["created"]["comments"]) == (11, 1, 4)
    assert said["status"] == 3


def test_a_dry_run_counts_the_same_and_changes_nothing(run: Run) -> None:
    counted = run(BLOG, "--dry-run")
    assert db.session.scalars(select(Article)).all() == []
    assert run(BLOG) == counted


def test_a_second_run_changes_nothing(run: Run) -> None:
    first = run(BLOG)
    before = db.session.execute(select(Article.id, Article.changed_at, Article.body_html)).all()
    second = run(BLOG)
    assert not any(second["created"].values())
    assert not any(second["updated"].values())
    assert second["unchanged"] == first["created"]
    assert second["problems"] == first["problems"]
    assert db.session.execute(select(Article.id, Article.changed_at, Article.body_html)).all() == before


def test_only_what_was_published_is_public(run: Run, visitor: Any) -> None:
    run(BLOG)
    live = set(db.session.scalars(select(Article.title).where(Article.state == State.LIVE)))
    assert live == {"The first night", "Naps & more", "About", "Naps, again", "Nuit"}
    drafts = set(db.session.scalars(select(Article.title).where(Article.state == State.DRAFT)))
    assert drafts == {f"Secret {word}" for word in ("draft", "private", "pending", "future", "word", "inherit", "odd")}
    for path in ("/private/", "/word/", "/inherit/", "/odd/", "/?p=21", "/trash/"):
        assert visitor.get(path).status_code != 301, path
    assert visitor.get(article("Secret word").path).status_code == 404


def test_what_is_not_taken_is_named_with_line_title_and_reason(run: Run) -> None:
    said = run(BLOG)
    line = next(n for n, text in enumerate(BLOG.read_text().splitlines(), 1) if "Secret trash" in text)
    assert {"where": f"line {line}", "what": "post “Secret trash”", "why": "It is in the trash."} in said["problems"]
    assert whys(said, "Secret future") == ["It was scheduled; it waits as a draft."]
    assert "password" in whys(said, "Secret word")[0]
    assert whys(said, "moon") == ["Pictures are named, not loaded: https://www.nights.example/moon.jpg"]
    assert len(whys(said, "Menu")) == len(whys(said, "Pram")) == 1
    hidden = whys(said, "post “The first night”")
    assert "https://elsewhere.example/moon.jpg" in " ".join(hidden)
    assert "[gallery]" in " ".join(hidden)


def test_a_published_article_keeps_its_date_its_author_and_its_subjects(run: Run) -> None:
    makers.article("Something of ours", site="en", theme="Sleep")
    run(BLOG)
    night = article("The first night")
    assert night.published_at.isoformat() == "2019-03-02T07:00:00+00:00"
    assert (night.author_id, night.author_name) == (None, "Mira")
    named = db.session.execute(
        select(Article).options(selectinload(Article.tags), joinedload(Article.theme)).where(Article.id == night.id)
    ).scalar_one()
    assert {tag.name for tag in named.tags} == {"Sleep", "Naps"}
    assert named.theme.name == "Sleep"


def test_a_classic_body_becomes_paragraphs(run: Run) -> None:
    run(BLOG)
    body = article("The first night").body_html
    assert body.startswith("<p>He slept.<br>\nShe did not.</p>")
    assert '<h2 id="h-what-helped">What helped</h2>' in body
    assert "<p>Moon over the roofs</p>" in body
    assert "<img" not in body
    assert "<strong>Milk</strong>" in body
    assert "[sic]" in body
    assert "script" not in body
    assert "alert" not in body
    assert "onclick" not in body
    assert "gallery" not in body


def test_links_within_the_blog_lead_to_where_things_are_now(run: Run) -> None:
    run(BLOG)
    body = article("The first night").body_html
    assert 'href="/en/articles/naps#afternoon"' in body
    assert 'href="/en/articles/about"' in body


def test_a_body_of_blocks_loses_only_the_marks_of_its_blocks(run: Run) -> None:
    run(BLOG)
    body = article("Naps & more").body_html
    assert body == '<h2 id="h-afternoon">Afternoon</h2><p>Two lines<br>and no more.</p>'


def test_the_summary_is_the_excerpt_or_what_stands_before_more(run: Run) -> None:
    run(BLOG)
    assert article("Naps & more").summary == "About short sleep."
    assert article("The first night").summary == "He slept. She did not."


def test_addresses_are_unique_and_in_plain_letters(run: Run) -> None:
    makers.article("About", site="en")
    run(BLOG)
    paths = {a.title: a.path for a in db.session.scalars(select(Article).where(Article.title != "About"))}
    assert paths["Naps & more"] == "/en/articles/naps"
    assert paths["Naps, again"] == "/en/articles/naps-2"
    assert paths["Nuit"] == "/en/articles/noch"
    assert "/en/articles/about-2" in set(db.session.scalars(select(Article.path)))


@pytest.mark.parametrize(
    "old", ["/2019/03/the-first-night/", "/2019/03/the-first-night", "/?p=11", "/2019/03/the-first-night/?utm_source=x"]
)
def test_an_old_address_leads_to_the_article(run: Run, visitor: Any, old: str) -> None:
    run(BLOG)
    answer = visitor.get(old)
    assert (answer.status_code, answer.location) == (301, "/en/articles/the-first-night")


def test_old_addresses_of_pages_and_of_other_scripts_lead_on_too(run: Run, visitor: Any) -> None:
    run(BLOG)
    for old in ("/about/", "/?page_id=13", "/?p=13"):
        assert visitor.get(old).location == "/en/articles/about", old
    assert visitor.get("/2020/%D0%BD%D0%BE%D1%87%D1%8C/").location == "/en/articles/noch"


def test_approved_comments_stand_in_order_and_under_what_they_answer(run: Run) -> None:
    run(BLOG)
    first, answer, last, late = posts("The first night")
    assert [post.number for post in (first, answer, last, late)] == [1, 2, 3, 4]
    assert (first.parent_id, first.root_id) == (None, None)
    assert (answer.parent_id, answer.root_id) == (first.id, first.id)
    assert (last.parent_id, last.root_id) == (answer.id, first.id)
    assert (late.parent_id, late.root_id) == (None, None)
    assert article("The first night").post_count == article("The first night").last_post_number == 4
    assert first.created_at.isoformat() == "2019-03-02T08:00:00+00:00"


@pytest.mark.only_on("sqlite")
def test_a_comment_is_members_text_and_keeps_nothing_that_names_its_writer_but_the_name(run: Run) -> None:
    run(BLOG)
    first, _answer, last, _late = posts("The first night")
    assert first.byline == "Tom"
    assert first.author_id is None
    assert last.byline == ""
    assert 'href="https://tom.example/x" rel="nofollow ugc noopener"' in first.body_html
    assert "id=" not in first.body_html
    assert "sign-out" not in first.body_html
    with db.engine.connect() as connection:
        raw = "\n".join(connection.connection.driver_connection.iterdump())  # type: ignore[union-attr]
    for private in ("tom@tom.example", "http://tom.example", "192.0.2.7", "mira@nights.example"):
        assert private not in raw


def test_nobody_becomes_a_member(run: Run) -> None:
    run(BLOG)
    assert db.session.scalars(select(Member)).all() == []


def test_a_changed_post_is_updated_and_only_that(run: Run, tmp_path: Path) -> None:
    run(BLOG)
    said = run(changed_copy(tmp_path, ("Who we are.", "Who we were."), ("It passes.", "It passed.")))
    assert said["updated"]["page"] == 1
    assert said["updated"]["post"] == 0
    assert said["updated"]["comments"] == 1
    assert said["unchanged"]["post"] == 11
    assert "Who we were." in article("About").body_html
    assert posts("The first night")[1].body == "It passed."


def test_a_new_comment_is_added_to_an_article_that_is_here(run: Run, tmp_path: Path) -> None:
    run(BLOG)
    said = run(changed_copy(tmp_path, ("<wp:comment_approved>spam<", "<wp:comment_approved>1<")))
    assert said["created"]["comments"] == 1
    assert said["unchanged"]["comments"] == 4
    assert article("The first night").post_count == 5
    newest, answer = posts("The first night")[-1], posts("The first night")[-2]
    assert (newest.byline, answer.parent_id, answer.root_id) == ("Pills", newest.id, newest.id)


def test_what_an_editor_changed_here_is_never_written_over(run: Run, tmp_path: Path) -> None:
    run(BLOG)
    with unit_of_work():
        about = db.session.scalars(select(Article).where(Article.title == "About")).one()
        about.version, about.body_html = 2, "<p>Ours.</p>"
    said = run(changed_copy(tmp_path, ("Who we are.", "Who we were.")))
    assert said["skipped"]["page"] == 1
    assert whys(said, "page “About”") == ["It was changed here since, and stays as it is."]
    assert article("About").body_html == "<p>Ours.</p>"


def test_a_comment_that_a_moderator_hid_stays_hidden(run: Run, tmp_path: Path) -> None:
    run(BLOG)
    with unit_of_work():
        db.session.scalars(select(Post).where(Post.author_name == "Tom")).one().state = State.HIDDEN
    changed = changed_copy(tmp_path, ("Same here.", "Same here!"))
    for _ in range(2):
        said = run(changed)
        assert "It was changed here since, and stays as it is." in whys(said, "comment on post “The first night”")
    assert posts("The first night")[0].state == State.HIDDEN


def test_the_same_blog_may_come_to_two_sites(run: Run) -> None:
    assert run(BLOG, site="en")["created"] == run(BLOG, site="nl")["created"]
    assert {path for path in db.session.scalars(select(Article.path)) if path.endswith("/naps")} == {
        "/en/articles/naps", "/nl/articles/naps"
    }  # fmt: skip


def test_the_page_of_an_imported_article_shows_it_with_its_comments(run: Run, visitor: Any) -> None:
    run(BLOG)
    page = visitor.see("/en/articles/the-first-night")
    assert page.css_first("h1").text(strip=True) == "The first night"
    assert "It passes." in page.body.text()
    assert "Mira" in page.body.text()


def test_the_report_in_words_fits_a_terminal(app: Flask) -> None:
    answer = app.test_cli_runner().invoke(args=["import", "wordpress", str(BLOG), "--site", "en"])
    assert answer.exit_code == 3
    assert answer.output.splitlines()[0].split() == ["found", "created", "updated", "unchanged", "skipped"]
    assert ": post “Secret trash”: It is in the trash." in answer.output


def test_no_old_address_is_kept_twice(run: Run) -> None:
    run(BLOG)
    paths = list(db.session.scalars(select(OldAddress.path)))
    assert len(paths) == len(set(paths))
    assert "/" not in paths
