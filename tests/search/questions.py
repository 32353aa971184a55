"""Questions as people type them (plurals, small forms, compounds, conjugations, mistakes, other words for the same), in
four languages, with what answers them; and how many are answered by Whoosh without any of our analysis.

Dutch ones go over the articles of the demonstration and Dutch regulations, English ones over the demonstration; the
demonstration speaks no German and no French, so those go over two blogs of others."""

import html
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import shorten
from typing import NamedTuple
from xml.etree import ElementTree

from whoosh import fields, index
from whoosh.qparser import MultifieldParser, OrGroup

from community.core.text import plain
from community.demo import texts as demo
from community.search.documents import Synonyms
from community.search.models import Synonym
from tests.conftest import SHARED

HERE = Path(__file__).parent
REGULATIONS, BLOGS = SHARED / "data" / "dutch-text", SHARED / "data" / "wxr"
FIRST = 3
WP, CONTENT = "{http://wordpress.org/export/1.2/}", "{http://purl.org/rss/1.0/modules/content/}"
FirstOf = Callable[[str], list[str]]  # the names of what is found first for some words


class Text(NamedTuple):
    """Something to be found."""

    name: str
    title: str
    words: str
    tags: tuple[str, ...] = ()


def asked(language: str) -> list[tuple[str, str]]:
    """The questions of a language, each with the name of what answers it."""
    lines = (HERE / f"queries_{language}.tsv").read_text(encoding="utf-8").splitlines()
    return [(words, name) for words, name in (line.split("\t") for line in lines)]


def synonyms_of(language: str) -> Synonyms:
    """What the demonstration's editors of this language taught the search."""
    taught = [Synonym(words=entry["words"]) for entry in demo.synonyms() if entry["language"] == language]
    return tuple(row.sayings for row in taught)


def texts_of(language: str) -> list[Text]:
    """What the questions of a language go over."""
    return {
        "nl": lambda: [*articles("nl"), *regulations()],
        "en": lambda: articles("en"),
        "de": lambda: posts("real-kuesters-de.xml"),
        "fr": lambda: posts("real-bitcoinfrance-fr.xml"),
    }[language]()


def missed(questions: list[tuple[str, str]], first_of: FirstOf) -> list[tuple[str, str]]:
    """The questions whose answer is not among the first three."""
    return [(words, name) for words, name in questions if name not in first_of(words)[:FIRST]]


def whoosh_alone(folder: Path, texts: list[Text]) -> FirstOf:
    """Whoosh as it comes: its own words, any of them, weighed by BM25F."""
    schema = fields.Schema(name=fields.ID(stored=True), title=fields.TEXT(), words=fields.TEXT())
    made = index.create_in(folder, schema)
    with made.writer() as writer:
        for text in texts:
            writer.add_document(name=text.name, title=text.title, words=f"{text.words} {' '.join(text.tags)}")
    parser = MultifieldParser(["title", "words"], schema, group=OrGroup)
    searcher = made.searcher()
    return lambda words: [hit["name"] for hit in searcher.search(parser.parse(words), limit=FIRST)]


def articles(language: str) -> list[Text]:
    """The articles of the demonstration."""
    entries = {
        entry["key"]: demo.article_at(entry["path"]) for entry in demo.articles() if entry["language"] == language
    }
    return [
        Text(key, entry["title"], f"{entry['summary']}\n\n{entry['body']}", tuple(entry["tags"]))
        for key, entry in entries.items()
    ]


def regulations() -> Iterator[Text]:
    """Dutch laws about families."""
    for path in sorted(REGULATIONS.glob("BWBR*.md")):
        words = path.read_text(encoding="utf-8-sig")
        title = next(line for line in words.splitlines() if line.startswith("##"))
        yield Text(path.stem, shorten(title.strip("# "), 200), words)


def posts(export: str) -> list[Text]:
    """The published posts of a blog."""
    items = ElementTree.parse(BLOGS / export).iter("item")
    return [_post(item) for item in items if _said(item, f"{WP}post_type", f"{WP}status") == ("post", "publish")]


def _post(item: ElementTree.Element) -> Text:
    name, title, words = _said(item, f"{WP}post_name", "title", f"{CONTENT}encoded")
    return Text(name, title, plain(html.unescape(re.sub(r"\[[^]]*\]", " ", words))))


def _said(item: ElementTree.Element, *names: str) -> tuple[str, ...]:
    return tuple(item.findtext(name) or "" for name in names)
