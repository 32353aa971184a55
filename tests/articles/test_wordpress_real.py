"""Exports that others made: the counts of their `facts.json`, twice."""

import json
from typing import Any

import pytest
from sqlalchemy import select

from community.articles.models import Article
from community.core.db import db
from community.items.models import OldAddress, Post, State
from tests.articles.test_wordpress import Run, run, sums  # noqa: F401
from tests.conftest import SHARED

WXR = SHARED / "data" / "wxr"
FACTS: dict[str, dict[str, Any]] = json.loads((WXR / "facts.json").read_text()) if WXR.exists() else {}
pytestmark = pytest.mark.skipif(not FACTS, reason="the exports of other people's blogs are not beside this project")
DECLARED = ("authors", "categories", "tags")


@pytest.mark.parametrize("name", FACTS)
def test_an_export_gives_its_counts_and_a_second_run_changes_nothing(run: Run, name: str) -> None:  # noqa: F811
    facts = FACTS[name]
    first = run(WXR / name)
    if "by_type" in facts:
        declared = {kind: facts[f"{kind}_declared"] for kind in DECLARED}
        assert first["found"] == {**facts["by_type"], **declared, "comments": facts["comments"]}
    assert sums(first) == first["found"]
    if not facts["well_formed"]:
        line = int(facts["xml_error"].rpartition(" ")[2].rstrip(")"))
        assert f"line {line}" in {problem["where"] for problem in first["problems"]}
    assert first["status"] == (3 if first["problems"] else 0)
    second = run(WXR / name)
    assert not any(second["created"].values()) | any(second["updated"].values())
    assert second["problems"] == first["problems"]


@pytest.mark.parametrize("name", FACTS)
def test_every_published_post_and_page_is_live_and_nothing_else(run: Run, name: str) -> None:  # noqa: F811
    run(WXR / name)
    facts = FACTS[name]
    published = facts.get("posts_published", 0) + facts.get("pages_published", 0) - facts.get("password_protected", 0)
    live = list(db.session.scalars(select(Article).where(Article.state == State.LIVE)))
    assert len(live) == published
    assert len({article.slug for article in live}) == len(live)


def test_comments_of_a_real_blog_are_threaded(run: Run) -> None:  # noqa: F811
    run(WXR / "real-bitcoinfrance-fr.xml")
    posts = {post.id: post for post in db.session.scalars(select(Post))}
    assert len(posts) == 193
    answers = [post for post in posts.values() if post.parent_id]
    assert len(answers) == 107
    for post in answers:
        assert posts[post.parent_id].item_id == post.item_id
        assert posts[post.root_id].root_id is None


def test_every_old_address_of_a_real_blog_leads_to_its_article(run: Run, visitor: Any) -> None:  # noqa: F811
    run(WXR / "real-kuesters-de.xml")
    query = select(OldAddress.path, Article.path).join(Article, Article.id == OldAddress.item_id)
    moved = dict(db.session.execute(query.where(Article.state == State.LIVE)).all())
    assert len(moved) > 150
    for old, new in list(moved.items())[::10]:
        answer = visitor.get(old)
        assert (answer.status_code, answer.location) == (301, new), old
