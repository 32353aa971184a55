"""The one sanitiser: nothing that a member writes runs in another's browser."""

import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from community.core import text

ALLOWED = text.TAGS | {"html", "head", "body", "div"}
ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[a](javascript:alert(1))",
    "[a](JaVaScRiPt:alert(1))",
    "[a](java\tscript:alert(1))",
    "[a](&#106;avascript:alert(1))",
    "[a](javascript:123)",
    "[a](data:text/html;base64,PHNjcmlwdD4=)",
    "[a](vbscript:msgbox)",
    "![a](https://tracker.example/x.png)",
    "<svg/onload=alert(1)>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<a href='//evil.example'>x</a>",
    "<iframe src=https://evil.example>",
    "<form action=https://evil.example><input name=password>",
    "<p style='position:fixed'>x</p>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<xmp><script>alert(1)</script></xmp>",
    "<!--<script>alert(1)</script>-->",
    "<p id=main name=main class=top>x</p>",
]
PIECES = ["<", ">", '"', "'", "&", "`", "\\", "\n", "*", "[", "]("]
SHAPES = ["<b>" * 2000, ">" * 5000, "[" * 10_000, "*a " * 3000, "`" * 10_000, "- " * 5000, "<div>" * 2000]
ELSEWHERE = [
    "https://evil.example",
    "//evil.example",
    "/\\evil.example",
    "\\\\evil",
    "javascript:alert(1)",
    "/a\nb",
    "",
]


def dangers(markup: str) -> list[str]:
    """What in a piece of HTML could run, hide or call home."""
    found = []
    for node in LexborHTMLParser(f"<div>{markup}</div>").css("*"):
        if node.tag not in ALLOWED and not node.tag.startswith("-"):
            found.append(f"<{node.tag}>")
        for name, value in node.attributes.items():
            if name.startswith("on") or name in ("style", "class", "name", "srcset", "formaction"):
                found.append(name)
            if name == "href" and not (value or "").startswith(("http://", "https://", "mailto:", "/", "#")):
                found.append(f"href={value}")
            if name == "href" and (value or "").startswith("//"):
                found.append(f"href={value}")
            if name == "src" and not (value or "").startswith(("/media/", "/static/")):
                found.append(f"src={value}")
    return found


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("maker", [text.to_safe_html, text.article_html, text.imported_html])
def test_an_attack_leaves_nothing_that_runs(attack: str, maker) -> None:  # type: ignore[no-untyped-def]
    assert dangers(maker(attack)) == []


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.sampled_from(ATTACKS),
            st.sampled_from(["<", ">", '"', "'", "&", "`", "\\", "\n", "*", "[", "]("]),
            st.text(max_size=8),
        ),
        max_size=12,
    )
)
def test_no_mixture_of_attacks_gets_through(parts: list[str]) -> None:
    source = "".join(part for part in parts if text.is_storable(part))
    assert dangers(text.to_safe_html(source)) == []
    assert dangers(text.imported_html(source)) == []


@pytest.mark.parametrize(
    "source",
    [*SHAPES, "a@b." * 2500, "(" * 10_000],
    ids=lambda s: s[:6],
)
def test_ten_thousand_characters_of_any_shape_are_quick(source: str) -> None:
    for maker in (text.to_safe_html, text.imported_html):
        assert min(seconds_of(maker, source) for _time in range(3)) < 0.5  # once it may wait for the collector


def seconds_of(maker: Callable[[str], str], source: str) -> float:
    began = time.thread_time()
    maker(source)
    return time.thread_time() - began


def test_what_lies_deeper_than_fifty_is_cut() -> None:
    made = text.imported_html("<blockquote>" * 200 + "deep" + "</blockquote>" * 200)
    assert made.count("<blockquote>") <= text.DEEPEST


def test_members_links_say_that_members_made_them() -> None:
    assert 'rel="nofollow ugc noopener"' in text.to_safe_html("See https://example.org for more")
    assert "rel" not in text.to_safe_html("[ours](/nl/articles/slapen)")


def test_markdown_keeps_its_meaning() -> None:
    made = text.to_safe_html("> quoted\n\n**bold** and *soft*\n\n1. one\n2. two")
    for part in ("<blockquote>", "<strong>bold</strong>", "<em>soft</em>", "<ol>"):
        assert part in made


def test_headings_of_an_article_can_be_listed_and_never_clash() -> None:
    made = text.article_html("## Sleep\n\nText\n\n## Sleep\n\nMore")
    assert [words for _anchor, words in text.headings(made)] == ["Sleep", "Sleep"]
    assert len({anchor for anchor, _words in text.headings(made)}) == 2


def test_emoji_and_any_script_stay_as_typed() -> None:
    assert "👶🏽 مرحبا שלום" in text.to_safe_html("👶🏽 مرحبا שלום")


@pytest.mark.parametrize(("one", "other"), [("Anna", "Аnna"), ("paul", "PAUL"), ("Oliver", "0liver"), ("Zoë", "Zoe")])
def test_names_that_look_alike_count_as_equal(one: str, other: str) -> None:
    assert text.skeleton(one) == text.skeleton(other)


def test_invisible_letters_fall_out_of_a_name() -> None:
    assert text.display_name("An\u200bna\u202e  Bos") == "Anna Bos"


@pytest.mark.parametrize(
    "path",
    ["https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil", "javascript:alert(1)", "/a\nb", "", None],
)
def test_only_our_own_paths_may_be_gone_to(path: str | None) -> None:
    assert text.own_path(path) is None


def test_a_path_of_ours_may_be_gone_to() -> None:
    assert text.own_path("/nl/home?x=1#y") == "/nl/home?x=1#y"


def test_code_stands_as_it_was_written() -> None:
    assert text.to_safe_html("Write `<b> & &lt;`.") == "<p>Write <code>&lt;b&gt; &amp; &amp;lt;</code>.</p>\n"
    assert text.article_html("    1 < 2\n") == "<pre><code>1 &lt; 2\n</code></pre>\n"
    kept = '<pre>a &amp; <a href="https://a.example/?b&amp;c">&lt;b</a></pre><p>1 &lt; 2</p>'
    assert text.imported_html(kept) == kept.replace('c">', 'c" rel="noopener">')
    assert "<a " not in text.to_safe_html("`https://a.example`")


def test_an_address_ends_before_a_quotation_mark() -> None:
    link = '<a href="https://a.example" rel="nofollow ugc noopener">https://a.example</a>'
    assert text.to_safe_html('See "https://a.example".') == f'<p>See "{link}".</p>\n'
    assert text.to_safe_html('*See* "https://a.example".') == f'<p><em>See</em> "{link}".</p>\n'


WORDS = st.lists(
    st.sampled_from([*PIECES, " ", "\n\n", "\r\n", "\x0c", "é", "a", "1.", "&amp;", "https://a.nl", "  \n"])
)


@given(WORDS.map("".join) | st.text())
@settings(deadline=None, max_examples=300)
def test_plain_paragraphs_come_out_the_same_without_the_first_sanitiser(written):
    markup = text._rendered(written, 3, {})
    assert text._sanitised(markup, text.MEMBERS_REL) == text._last_pass(text.MEMBERS_REL).clean(
        text._bleached(markup, text.MEMBERS_REL)
    )


@given(WORDS.map("".join).map(str.strip) | st.text() | st.text("aé .,:;!?'\"()-+=#12\n\u00a0"))
@settings(deadline=None, max_examples=500)
def test_words_alone_come_out_the_same_without_markdown(written):
    markup = text._rendered_markdown(written, 3, {})
    assert text.to_safe_html(written) == text._sanitised(markup, text.MEMBERS_REL)


def test_most_of_what_members_write_is_plain():
    assert text._WORDS.fullmatch('She said: "no" - we left (late).\nTwice!\n\nYours, Åsa')
    assert text._PLAIN.fullmatch(text._rendered('She said "no" & left.\nTwice.\n\nYours, A.', 3, {}))
