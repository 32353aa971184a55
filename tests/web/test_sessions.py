"""What a cookie holds is kept for who brings it again: each request has its own copy, and nobody another's."""

from typing import Any

from flask import Flask


def opened(app: Flask, cookie: str) -> Any:
    """The session of a request that brings this cookie."""
    with app.test_request_context("/", headers={"Cookie": f"session={cookie}"}) as request:
        return request.session


def cookie_of(app: Flask, **values: Any) -> str:
    """As a browser holds it."""
    signer: Any = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return str(signer.dumps(values))


def test_what_a_request_writes_is_not_found_by_the_next_one(app: Flask) -> None:
    cookie = cookie_of(app, whose="Anna's", words=["Saved."])
    for _time in range(3):
        session = opened(app, cookie)
        assert dict(session) == {"whose": "Anna's", "words": ["Saved."]}
        session["words"].append("Gone.")
        session["more"] = True


def test_each_reader_has_what_their_own_cookie_holds(app: Flask) -> None:
    cookies = {name: cookie_of(app, whose=name) for name in ("Anna", "Bob")}
    for name in ("Anna", "Bob", "Anna", "Bob"):
        assert opened(app, cookies[name])["whose"] == name


def test_a_changed_cookie_opens_nothing_beside_the_true_one(app: Flask) -> None:
    cookie = cookie_of(app, whose="Anna")
    assert opened(app, cookie)["whose"] == "Anna"
    body, _, signature = cookie.partition(".")
    assert dict(opened(app, f"{body}.{signature[::-1]}")) == {}
    assert dict(opened(app, "")) == {}
