"""Comments: written, answered, quoted, changed, taken away and brought back; by their authors alone."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from community.articles.models import Article
from community.core import memory
from community.core.db import db, unit_of_work
from community.core.limits import limiter
from community.items import queries as items
from community.items.actions import set_post_state
from community.items.models import Item, Post, PostVersion, State
from community.members.models import Member
from tests import makers
from tests.conftest import Browser

Count = Callable[[Callable[[], Any]], list[str]]


@pytest.fixture
def article(app: Any) -> Article:
    """An article to write under, in English, so that the tests can say what they look for."""
    return makers.article("Warm enough", site="en")


@pytest.fixture
def limits(app: Any) -> Iterator[None]:
    """Limits as in earnest."""
    limiter.begin({"REDIS_URL": "", "LIMITS": "on"})
    yield
    limiter.begin({"REDIS_URL": "", "LIMITS": "off"})


def write(reader: Browser, article: Article, body: str, query: str = "", **fields: Any) -> Any:
    path = f"{article.path}/posts"
    return reader.send(path, {"body": body, **fields}, page=article.path + query)


def bodies(page: Any) -> list[str]:
    return [words.text(strip=True) for words in page.css(".post__body")]


def posts() -> list[Post]:
    return db.session.query(Post).order_by(Post.id).all()


def test_a_comment_stands_where_its_author_is_led(as_anna: Browser, visitor: Browser, article: Article) -> None:
    answer = write(as_anna, article, "We took the **small** one.")
    post = posts()[0]
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{article.path}#post-{post.id}")
    page = visitor.see(article.path)
    assert page.css_first(f"#post-{post.id} strong").text() == "small"
    assert page.css_first("#comments-heading").text() == "1 comment"


def test_a_visitor_is_asked_to_sign_in(visitor: Browser, article: Article) -> None:
    page = visitor.see(article.path)
    assert page.css_first(".comments form") is None
    assert page.css_first(".comments__join a").attributes["href"] == "/sign-in?next=/en/articles/warm-enough%23comment"
    assert visitor.post(f"{article.path}/posts", data={"body": "x"}).status_code in (302, 400)
    assert posts() == []


def test_answers_stand_below_and_deeper_ones_name_whom_they_answer(
    as_anna: Browser, as_bob: Browser, bob: Member, article: Article
) -> None:
    write(as_anna, article, "First")
    first = posts()[0]
    write(as_bob, article, "Second", f"?reply={first.id}")
    write(as_anna, article, "Third", f"?reply={posts()[1].id}")
    page = as_bob.see(article.path)
    assert bodies(page) == ["First", "Second", "Third"]
    assert len(page.css(".comments > ol > li")) == 1
    lines = [line.text() for line in page.css(".post__replies .post__line")]
    assert "Bob" not in lines[0]
    assert "to Bob" in lines[1]


def test_a_quote_begins_the_answer_without_javascript(as_anna: Browser, as_bob: Browser, article: Article) -> None:
    write(as_anna, article, "> older words\n\nMine.\nAnd more.")
    post = posts()[0]
    page = as_bob.see(article.path)
    assert page.css_first(f'a[href="{article.path}?quote={post.id}#comment"]') is not None
    form = as_bob.see(f"{article.path}?quote={post.id}").css_first("#comment")
    assert form.css_first("textarea").text().lstrip("\r\n") == "> Mine.\n> And more.\n\n"
    write(as_bob, article, "> Mine.\n\nYes.", f"?quote={post.id}")
    assert posts()[1].parent_id == post.id


def test_what_is_hidden_or_elsewhere_cannot_be_quoted(as_anna: Browser, bob: Member, article: Article) -> None:
    hidden, other = makers.comment(article, bob, "Secret"), makers.comment(makers.article(), bob, "Elsewhere")
    with unit_of_work():
        post = items.post_by_id(hidden.id)
        assert post is not None
        post.state = State.HIDDEN
    for post_id in (hidden.id, other.id, 99_999):
        page = as_anna.see(f"{article.path}?quote={post_id}")
        assert page.css_first("#comment textarea").text().strip() == ""
        answer = write(as_anna, article, "I saw it", parent=post_id)
        assert answer.status_code == 422
        assert "is gone" in answer.text
        assert "I saw it" in answer.text


@pytest.mark.parametrize("body", ["", "   \n ", "\u200b\u2060", "a" * 10_001, "x" * 1_000_000, "nul \x00"])
def test_what_cannot_be_a_comment_is_said_in_words(as_anna: Browser, article: Article, body: str) -> None:
    began = time.thread_time()
    answer = write(as_anna, article, body)
    assert time.thread_time() - began < 1.5  # of a processor: the form's page, this answer
    assert answer.status_code == 422
    assert "<title>Error:" in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert body[:200].strip("\u200b\u2060\x00 \n") in answer.text
    assert posts() == []


def test_a_comment_of_several_megabytes_is_refused_whole(as_anna: Browser, article: Article) -> None:
    answer = write(as_anna, article, "x" * 3_000_000)
    assert answer.status_code == 413
    assert posts() == []


SHAPES = [
    "<b>" * 2_000,
    "<div><p>" * 1_200,
    ">" * 9_999,
    "> " * 4_000 + "x",
    "[" * 9_999,
    "*a_" * 3_000,
    "- " * 4_000,
    "`" * 9_999,
    "![](" * 2_400,
    "<https://x.y>" * 700,
    "www.a.nl " * 1_000,
]


@pytest.mark.parametrize("body", SHAPES, ids=lambda body: body[:8])
def test_ten_thousand_characters_of_any_shape_are_quick(as_editor: Browser, article: Article, body: str) -> None:
    as_editor.see(article.path)
    began = time.thread_time()
    answer = write(as_editor, article, body)
    assert answer.status_code == 303
    assert as_editor.get(article.path).status_code == 200
    assert time.thread_time() - began < 2  # of a processor: three pages


def test_any_letters_are_kept_as_typed(as_anna: Browser, article: Article) -> None:
    words = "👶🏽 ünïcödé العربية 日本語 <script>alert(1)</script> & 'q'"
    write(as_anna, article, words)
    assert posts()[0].body == words
    page = as_anna.see(article.path)
    assert bodies(page) == [words]
    assert page.css_first(".comments script") is None


def test_the_same_form_sent_twice_gives_one_comment(as_anna: Browser, article: Article, limits: None) -> None:
    form = as_anna.see(article.path).css_first("#comment")
    hidden = {i.attributes["name"]: i.attributes.get("value") or "" for i in form.css("input[type=hidden]")}
    answers = [as_anna.post(f"{article.path}/posts", data={**hidden, "body": "Once"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert len(posts()) == 1


def test_who_writes_too_fast_keeps_the_text(as_anna: Browser, article: Article, limits: None) -> None:
    write(as_anna, article, "One")
    answer = write(as_anna, article, "Two, and a long story")
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 30
    assert "Two, and a long story" in answer.text
    assert len(posts()) == 1


def test_a_long_talk_goes_over_pages(as_anna: Browser, visitor: Browser, bob: Member, article: Article) -> None:
    made = [makers.comment(article, bob, f"Comment {number}") for number in range(1, 21)]
    answer = write(as_anna, article, "Comment 21")
    last = posts()[-1]
    assert answer.headers["Location"] == f"{article.path}?page=2#post-{last.id}"
    assert bodies(visitor.see(f"{article.path}?page=2")) == ["Comment 21"]
    assert len(bodies(visitor.see(article.path))) == 20
    assert visitor.get(f"/en/posts/{last.id}").headers["Location"] == f"{article.path}?page=2#post-{last.id}"
    assert (
        write(as_anna, article, "An answer", f"?reply={made[3].id}").headers["Location"].startswith(f"{article.path}#")
    )
    assert visitor.get(f"{article.path}?page=3").status_code == 404


def test_one_changes_ones_own_and_the_earlier_words_are_kept(as_anna: Browser, article: Article) -> None:
    write(as_anna, article, "First words")
    post = posts()[0]
    page = as_anna.see(f"/en/posts/{post.id}/edit")
    assert page.css_first("textarea").text().strip() == "First words"
    answer = as_anna.send(f"/en/posts/{post.id}/edit", {"body": "Better words"})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{article.path}#post-{post.id}")
    assert bodies(as_anna.see(article.path)) == ["Better words"]
    assert "changed" in as_anna.see(article.path).css_first(".post__line").text()
    assert [version.body for version in db.session.query(PostVersion)] == ["First words"]
    assert as_anna.send(f"/en/posts/{post.id}/edit", {"body": " "}).status_code == 422


def test_a_deleted_comment_comes_back(as_anna: Browser, visitor: Browser, article: Article) -> None:
    write(as_anna, article, "Words")
    post = posts()[0]
    assert as_anna.send(f"/en/posts/{post.id}/delete", page=article.path).status_code == 303
    assert bodies(visitor.see(article.path)) == []
    assert db.session.get_one(Item, article.id).post_count == 0
    undo = as_anna.see(article.path).css_first("form.undo")
    assert undo.attributes["action"] == f"/en/posts/{post.id}/restore"
    token = undo.css_first("[name=csrf_token]").attributes["value"]
    assert as_anna.post(f"/en/posts/{post.id}/restore", data={"csrf_token": token}).status_code == 303
    assert bodies(visitor.see(article.path)) == ["Words"]
    assert db.session.get_one(Item, article.id).post_count == 1


def test_answers_outlive_the_comment_they_answer(
    as_anna: Browser, visitor: Browser, bob: Member, article: Article
) -> None:
    write(as_anna, article, "Gone soon")
    post = posts()[0]
    makers.comment(article, bob, "I agree", parent=post)
    as_anna.send(f"/en/posts/{post.id}/delete", page=article.path)
    page = visitor.see(article.path)
    assert bodies(page) == ["I agree"]
    assert "Gone soon" not in page.html
    assert page.css_first(".comments .post__name").text() == "Bob"
    assert page.css_first("#comments-heading").text() == "1 comment"


@pytest.mark.parametrize("deed", ["edit", "delete", "restore"])
def test_anothers_comment_is_not_ones_own(as_bob: Browser, anna: Member, article: Article, deed: str) -> None:
    post = makers.comment(article, anna, "Anna's words")
    answer = as_bob.post(f"/en/posts/{post.id}/{deed}", data={"csrf_token": as_bob.token(), "body": "Bob's"})
    assert answer.status_code == 403
    assert [(p.body, p.state) for p in posts()] == [("Anna's words", State.LIVE)]
    assert as_bob.get(f"/en/posts/{post.id}/edit").status_code == 403


@pytest.mark.parametrize("path", ["/en/posts/1/edit", "/en/posts/99999999999999999999/edit", "/nl/posts/1/edit"])
def test_a_comment_that_is_not_here_is_not_found(as_bob: Browser, path: str) -> None:
    assert as_bob.get(path).status_code == 404


@pytest.mark.parametrize("deed", ["edit", "delete", "restore"])
def test_a_visitor_changes_nothing(visitor: Browser, anna: Member, article: Article, deed: str) -> None:
    post = makers.comment(article, anna)
    assert visitor.post(f"/en/posts/{post.id}/{deed}", data={"body": "x"}).status_code in (302, 400)
    assert posts()[0].state == State.LIVE
    signing_in = visitor.get(f"/en/posts/{post.id}/edit")
    assert signing_in.headers["Location"] == f"/sign-in?next=/en/posts/{post.id}/edit"


def test_a_held_comment_shows_to_its_author_alone(
    as_anna: Browser, as_bob: Browser, visitor: Browser, article: Article
) -> None:
    answer = write(as_anna, article, "See https://shop.example")
    assert answer.status_code == 303
    post = posts()[0]
    assert post.state == State.HELD
    page = as_anna.see(article.path)
    assert "waits for a moderator" in page.css_first(f"#post-{post.id}").text()
    for reader in (as_bob, visitor):
        assert "shop.example" not in reader.see(article.path).html
        assert reader.get(f"/en/posts/{post.id}").status_code == 404
    assert as_bob.get(f"/en/posts/{post.id}/edit").status_code == 404
    assert db.session.get_one(Item, article.id).post_count == 0


def test_a_held_comment_that_is_deleted_and_restored_still_waits(as_anna: Browser, article: Article) -> None:
    write(as_anna, article, "See https://shop.example")
    post = posts()[0]
    for deed in ("delete", "restore"):
        as_anna.post(f"/en/posts/{post.id}/{deed}", data={"csrf_token": as_anna.token()})
    assert posts()[0].state == State.HELD


def test_a_link_that_is_written_in_later_waits_too(as_anna: Browser, visitor: Browser, article: Article) -> None:
    write(as_anna, article, "Nothing to see")
    post = posts()[0]
    as_anna.send(f"/en/posts/{post.id}/edit", {"body": "See https://shop.example"})
    assert posts()[0].state == State.HELD
    assert "shop.example" not in visitor.see(article.path).html
    assert db.session.get_one(Item, article.id).post_count == 0


def test_a_hidden_comment_is_gone_for_its_author_too(as_anna: Browser, visitor: Browser, article: Article) -> None:
    write(as_anna, article, "Unkind words")
    with unit_of_work():
        post = items.post_by_id(posts()[0].id)
        assert post is not None
        set_post_state(post, State.HIDDEN)
    for reader in (as_anna, visitor):
        assert "Unkind words" not in reader.see(article.path).html
    for deed in ("edit", "delete", "restore"):
        answer = as_anna.post(f"/en/posts/{post.id}/{deed}", data={"csrf_token": as_anna.token(), "body": "x"})
        assert answer.status_code == 404
    assert posts()[0].state == State.HIDDEN


def test_nobody_writes_under_what_they_may_not_see(as_anna: Browser) -> None:
    draft = makers.article(site="en", state=State.DRAFT)
    answer = as_anna.post(f"{draft.path}/posts", data={"csrf_token": as_anna.token(), "body": "Hello"})
    assert answer.status_code == 404
    assert posts() == []


def test_an_erased_author_leaves_no_name(visitor: Browser, anna: Member, article: Article) -> None:
    makers.comment(article, anna, "Kept words")
    with unit_of_work():
        author = db.session.get_one(Member, anna.id)
        author.name, author.username, author.state = "", None, "erased"
    with unit_of_work():
        from community.core.generation import changed  # noqa: PLC0415

        changed("en")
    page = visitor.see(article.path)
    assert bodies(page) == ["Kept words"]
    assert page.css_first(".post__name").text() == "A former member"


def test_a_comment_costs_as_much_under_fifty_as_under_five(
    as_bob: Browser, anna: Member, article: Article, statements: Count
) -> None:
    costs = []
    for rows in (5, 45):
        for _ in range(rows):
            makers.comment(article, anna)
        page = f"{article.path}?quote={posts()[0].id}"
        memory.forget_all()
        costs.append(len(statements(lambda page=page: as_bob.see(page))))
    assert costs[0] == costs[1] <= 8
