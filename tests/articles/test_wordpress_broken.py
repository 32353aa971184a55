"""Broken, hostile and wrong files: salvaged where something can be read, else one plain sentence."""

import time
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from community.articles.wordpress.body import convert
from community.articles.wordpress.mapping import moment
from community.core.imports import public_name
from community.core.text import imported_html
from tests.articles.test_wordpress import FILES, Run, article, posts, run, whys  # noqa: F401

HEAD = '<rss xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wp="http://wordpress.org/export/1.2/"><channel>'


def export(tmp_path: Path, items: str) -> Path:
    path = tmp_path / "export.xml"
    path.write_text(f"{HEAD}<title>Test</title>{items}</channel></rss>")
    return path


def entry(title: str, body: str, number: int = 1, more: str = "") -> str:
    return (
        f"<item><title>{title}</title><content:encoded><![CDATA[{body}]]></content:encoded><wp:post_id>{number}"
        f"</wp:post_id><wp:status>publish</wp:status><wp:post_type>post</wp:post_type>{more}</item>"
    )


def test_a_file_that_breaks_off_gives_all_but_its_last_entry(run: Run) -> None:  # noqa: F811
    said = run(FILES / "cut-off.xml")
    assert (said["found"]["post"], said["created"]["post"], said["skipped"]["post"]) == (3, 2, 1)
    assert whys(said, "Half")[0] == "The file breaks off within it."
    assert {p["where"] for p in said["problems"] if "broken here" in p["why"]} >= {"line 7"}
    assert "Torn" in next(p["what"] for p in said["problems"] if p["where"] == "line 7")
    assert said["status"] == 3


@pytest.mark.parametrize("bad", [b"\x00", b"\x08", b"\x1b", b"\xef\xbf\xbe", b"\xff", b"caf\xe9", b"\xed\xa0\x80"])
def test_a_letter_that_xml_forbids_costs_no_more_than_itself(run: Run, tmp_path: Path, bad: bytes) -> None:  # noqa: F811
    path = tmp_path / "blog.xml"
    path.write_bytes((FILES / "blog.xml").read_bytes().replace(b"He slept.", b"He slept." + bad))
    said = run(path)
    assert said["created"]["post"] == 11
    assert "What helped" in article("The first night").body_html
    assert [p["what"] for p in said["problems"] if p["where"] == "line 18"] == ["post “The first night”"]


def test_what_a_server_wrote_before_the_first_tag_is_no_hindrance(run: Run, tmp_path: Path) -> None:  # noqa: F811
    path = tmp_path / "blog.xml"
    path.write_bytes(b"\n\nNotice: a variable on line 3\n" + (FILES / "blog.xml").read_bytes())
    assert run(path)["created"]["post"] == 11


def test_a_file_of_two_bytes_a_letter_is_read(run: Run, tmp_path: Path) -> None:  # noqa: F811
    path = tmp_path / "blog.xml"
    path.write_bytes((FILES / "blog.xml").read_text().replace("UTF-8", "UTF-16").encode("utf-16"))
    assert run(path)["created"]["post"] == 11


def test_a_comment_of_xml_among_the_fields_is_passed_over(run: Run, tmp_path: Path) -> None:  # noqa: F811
    assert run(export(tmp_path, entry("Fine", "Text.", 1, "<!-- by hand --><?php x?>")))["created"]["post"] == 1


def test_entities_are_not_read_from_files_or_networks(run: Run, tmp_path: Path) -> None:  # noqa: F811
    secret = tmp_path / "secret.txt"
    secret.write_text("a word of the machine")
    entities = f'<!ENTITY file SYSTEM "{secret.as_uri()}"><!ENTITY net SYSTEM "http://127.0.0.1:9/x">'
    path = export(tmp_path, entry("Quiet", "").replace("<![CDATA[]]>", "[&file;][&net;]"))
    path.write_text(f"<!DOCTYPE rss [{entities}]>{path.read_text()}")
    assert run(path)["created"]["post"] == 1
    assert "a word" not in article("Quiet").body_html


def test_entities_are_not_multiplied(run: Run, tmp_path: Path) -> None:  # noqa: F811
    bomb = '<!ENTITY a0 "ten letters">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 9))
    path = export(tmp_path, entry("Loud", "").replace("<![CDATA[]]>", "&a8;"))
    path.write_text(f"<!DOCTYPE rss [{bomb}]>{path.read_text()}")
    began = time.monotonic()
    said = run(path)
    assert said["status"] in (2, 3)
    assert time.monotonic() - began < 2


@pytest.mark.parametrize(
    "content",
    [b"", b"Dear all,\nno XML here.", b"\x89PNG\r\n\x1a\n\x00\x00", b"<html><body><p>A page</body></html>",
     b"<?xml version='1.0'?><feed><entry><title>A</title></entry></feed>", b"<rss><channel><item/></channel></rss>"],
)  # fmt: skip
def test_what_is_no_export_is_refused_in_one_sentence(app: Flask, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "file.xml"
    path.write_bytes(content)
    answer = app.test_cli_runner().invoke(args=["import", "wordpress", str(path), "--site", "en", "--json"])
    assert (answer.exit_code, answer.stdout) == (2, "")
    assert len(answer.stderr.strip().splitlines()) == 1
    assert "This is no" in answer.stderr


@pytest.mark.parametrize(
    "arguments", [["/nowhere.xml", "--site", "en"], [str(FILES), "--site", "en"], [__file__, "--site", "xx"]]
)
def test_a_wrong_path_or_site_is_told_at_once(app: Flask, arguments: list[str]) -> None:
    assert app.test_cli_runner().invoke(args=["import", "wordpress", *arguments]).exit_code == 2


def test_a_row_that_fails_does_not_stop_the_others(run: Run, tmp_path: Path) -> None:  # noqa: F811
    long = "word " * 110_000
    said = run(export(tmp_path, entry("Long", long, 1) + entry("Fine", "Short.", 2)))
    assert (said["created"]["post"], said["skipped"]["post"]) == (1, 1)
    assert "longer than" in whys(said, "Long")[0]


def test_entries_with_one_number_are_told_apart_and_true_doubles_named(run: Run, tmp_path: Path) -> None:  # noqa: F811
    path = export(tmp_path, entry("One", "1") + entry("Two", "2") + entry("Two", "2"))
    said = run(path)
    assert (said["created"]["post"], said["skipped"]["post"]) == (2, 1)
    assert whys(said, "Two") == ["The same entry stands in the file before."]
    assert run(path)["unchanged"]["post"] == 2


def test_an_entry_without_title_or_text_is_taken(run: Run, tmp_path: Path) -> None:  # noqa: F811
    said = run(export(tmp_path, entry("", "Only these words.", 1) + entry("", "", 2)))
    assert said["created"]["post"] == 2
    assert article("Only these words.").slug == "only-these-words"
    assert article("Untitled").slug == "untitled"


def test_answers_that_lead_in_a_circle_are_all_shown(run: Run, tmp_path: Path) -> None:  # noqa: F811
    comments = "".join(
        f"<wp:comment><wp:comment_id>{own}</wp:comment_id><wp:comment_parent>{parent}</wp:comment_parent>"
        f"<wp:comment_content>C{own}</wp:comment_content><wp:comment_approved>1</wp:comment_approved></wp:comment>"
        for own, parent in ((1, 2), (2, 1), (3, 3), (2, 0))
    )
    path = export(tmp_path, entry("Circle", "Round.", 1, comments))
    said = run(path)
    assert said["created"]["comments"] == said["found"]["comments"] == 4
    assert len(posts("Circle")) == article("Circle").post_count == 4
    assert run(path)["unchanged"]["comments"] == 4


@pytest.mark.parametrize(
    "shape",
    ["<div>" * 2000, "[caption]" * 2000, "[gallery " * 2000, "<pre>" * 4000, "<!-- wp:x " * 2000, "\n\n \t" * 5000,
     "<p" * 9000, "<a href='" * 2000, "[[" * 9000, " " * 20000 + "\n", "<blockquote>x" * 2000,
     "<figure><img src=x>y" * 900, "<!--more-->" * 1500, '<b title="' * 2000, "<table><tr><td>" * 900,
     "&#x41;" * 3000, "<object><embed>" * 1000],
)  # fmt: skip
def test_no_shape_of_a_body_takes_long(shape: str) -> None:
    began = time.monotonic()
    imported_html(convert(shape, lambda address: address, lambda address: None).html)
    assert time.monotonic() - began < 1


def test_markup_in_titles_and_names_stays_text(run: Run, visitor: Any, tmp_path: Path) -> None:  # noqa: F811
    title = "&lt;script&gt;alert(1)&lt;/script&gt; &amp;amp; more"
    run(export(tmp_path, entry(title, "Fine.", 1, "<link>javascript:alert(1)</link>")))
    page = visitor.get(article("<script>alert(1)</script> & more").path).text
    assert "<script>alert" not in page


def test_dates_that_cannot_be_read_are_no_dates() -> None:
    assert moment(("0000-00-00 00:00:00", "0000-00-00 00:00:00", "Thu, 01 Jan 1970 00:00:00 +0000"), "UTC") is None
    assert moment(("", "2019-02-31 10:00:00", "nonsense"), "UTC") is None
    local = moment(("0000-00-00 00:00:00", "2019-07-01 12:00:00", ""), "Europe/Amsterdam")
    assert local is not None
    assert local.hour == 10
    feed = moment(("", "", "Sat, 27 May 2017 11:33:38 +0000"), "UTC")
    assert feed is not None
    assert feed.year == 2017


def test_an_address_is_no_name() -> None:
    assert [public_name(n) for n in ("a@b.example", "http://x.example", " Jo&amp;Co\u202e ")] == ["", "", "Jo&Co"]
