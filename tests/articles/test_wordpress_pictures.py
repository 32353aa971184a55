"""`--media fetch`: pictures of the old site are loaded, made safe, and shown where they stood."""

import io
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select

from community.articles.actions.importing import WordPressImport
from community.articles.models import Article
from community.core.db import db
from community.core.imports import Report
from community.core.refused import Refused
from community.media.models import Picture
from community.sites.models import SITES
from tests.articles.test_wordpress import Run, run, whys  # noqa: F401
from tests.articles.test_wordpress_broken import entry, export

BLOG = "https://nights.example"
ATTACHMENT = (
    "<item><title>moon</title><wp:post_id>31</wp:post_id><wp:status>inherit</wp:status><wp:post_type>attachment"
    "</wp:post_type><wp:attachment_url>{address}</wp:attachment_url><wp:postmeta><wp:meta_key>_wp_attachment_image_alt"
    "</wp:meta_key><wp:meta_value>The moon</wp:meta_value></wp:postmeta></item>"
)
FEATURED = "<wp:postmeta><wp:meta_key>_thumbnail_id</wp:meta_key><wp:meta_value>31</wp:meta_value></wp:postmeta>"
BODY = (
    f'<img src="{BLOG}/moon-300x200.jpg" alt="Moon" onerror="x()">'
    f'<img src="{BLOG}/alone.png"><img src="https://elsewhere.example/sun.jpg">'
)


def picture(_address: str) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (40, 30), "navy").save(made, "JPEG")
    return made.getvalue()


def nothing(_address: str) -> bytes:
    raise Refused("The other machine answered 404.")


@pytest.fixture
def blog(app: Flask, tmp_path: Path) -> Path:
    """A post with three pictures, one of them an attachment that it is headed by."""
    head = f"<link>{BLOG}</link>"
    return export(tmp_path, head + entry("Night", BODY, 1, FEATURED) + ATTACHMENT.format(address=f"{BLOG}/moon.jpg"))


def brought_in(path: Path, fetch: Any = None, **more: Any) -> Report:
    db.session.remove()
    return WordPressImport(path, SITES["en"], fetch, **more).run()


def night() -> Article:
    return db.session.scalars(select(Article)).one()


def test_pictures_of_the_blog_are_shown_and_those_of_others_named(blog: Path) -> None:
    report = brought_in(blog, picture)
    assert report.outcomes["created"]["attachment"] == 1
    assert night().body_html.count('<img src="/media/') == 2
    assert "onerror" not in night().body_html
    assert [p.why for p in report.problems] == ["Pictures are named, not shown (1): https://elsewhere.example/sun.jpg."]
    held = db.session.get_one(Picture, night().picture_id)
    assert (held.alt, held.label) == ("The moon", "moon.jpg")


def test_a_second_run_loads_nothing_again(blog: Path) -> None:
    brought_in(blog, picture)
    report = brought_in(blog, nothing)
    assert report.outcomes["created"].total() == report.outcomes["updated"].total() == 0
    assert report.outcomes["unchanged"]["attachment"] == 1
    assert brought_in(blog).outcomes["unchanged"] == report.outcomes["unchanged"]


def test_pictures_may_be_loaded_after_the_articles_came(blog: Path) -> None:
    assert brought_in(blog).outcomes["skipped"]["attachment"] == 1
    assert "<img" not in night().body_html
    report = brought_in(blog, picture)
    assert (report.outcomes["updated"]["post"], report.outcomes["created"]["attachment"]) == (1, 1)
    assert "<img" in night().body_html


def test_a_picture_that_cannot_be_loaded_is_named_with_its_reason(blog: Path) -> None:
    report = brought_in(blog, nothing)
    assert report.outcomes["skipped"]["attachment"] == 1
    assert "The other machine answered 404." in [problem.why for problem in report.problems]
    assert brought_in(blog, lambda _address: b"<svg/>").outcomes["skipped"]["attachment"] == 1


def test_a_dry_run_loads_nothing(blog: Path) -> None:
    brought_in(blog, picture, is_dry=True)
    assert db.session.scalars(select(Picture)).all() == []


def test_the_command_asks_no_machine_of_ours(run: Run, tmp_path: Path) -> None:  # noqa: F811
    path = export(tmp_path, entry("Night", "Text.") + ATTACHMENT.format(address="http://127.0.0.1/moon.jpg"))
    assert whys(run(path, "--media", "fetch"), "moon") == ["Its address is not one of the open internet."]
