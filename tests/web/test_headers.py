"""What stands on every answer, and which hosts are answered."""

import pytest

from tests.conftest import Browser


@pytest.mark.parametrize("path", ["/nl/", "/sign-in", "/nl/not-here", "/healthz"])
def test_every_answer_carries_the_policy(visitor: Browser, path: str) -> None:
    headers = visitor.get(path).headers
    assert "script-src" not in headers["Content-Security-Policy"]  # default-src 'self' holds for scripts too
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example"])
def test_a_forged_host_gets_400(visitor: Browser, host: str) -> None:
    assert visitor.get("/nl/", headers={"Host": host}).status_code == 400


def test_the_loopback_names_are_all_ours_where_the_address_is_one(visitor: Browser) -> None:
    for host in ("localhost", "127.0.0.1:8000", "[::1]:8000"):
        assert visitor.get("/nl/", headers={"Host": host}).status_code == 200


def test_a_signed_in_members_pages_are_private(as_anna: Browser) -> None:
    assert as_anna.get("/nl/").headers["Cache-Control"] == "private, no-store"


def test_a_visitors_page_is_checked_by_its_tag_and_sets_no_cookie(visitor: Browser) -> None:
    answer = visitor.get("/nl/")
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "Set-Cookie" not in answer.headers
    again = visitor.get("/nl/", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_no_page_of_one_member_is_served_to_another(as_anna: Browser, as_bob: Browser, visitor: Browser) -> None:
    assert "Anna" in as_anna.get("/nl/home").text
    assert "Anna" not in as_bob.get("/nl/home").text
    assert "Anna" not in visitor.get("/nl/").text


def test_a_post_without_a_token_changes_nothing(as_anna: Browser) -> None:
    assert as_anna.post("/account/changed", data={}).status_code == 400


def test_methods_that_a_page_does_not_know_are_said_in_words(visitor: Browser) -> None:
    answer = visitor.put("/nl/")
    assert answer.status_code == 405
    assert "<h1" in answer.text
