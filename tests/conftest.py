"""The standing cast and the doors of all tests: a fresh database each, and members who walk through pages."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

os.environ.setdefault("COMMUNITY_LOG_LEVEL", "CRITICAL")

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser as HTMLParser
from sqlalchemy import event

from community.app import create_app
from community.core import clock, jobs, memory
from community.core.db import db, unit_of_work
from community.core.limits import limiter
from community.members import actions as members
from community.members import passwords, second_step
from community.members.views import PROVED_AT
from community.web import cache as page_cache
from tests import databases, makers

passwords.hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
LONGEST = ("browser/", "import_kills", "database_kills", "simulation/", "_real.py", "demo/", "cut.py", "kills")
SHARED = Path(__file__).resolve().parents[2] / "shared"


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--database postgresql`: all rows stand on a real server."""
    parser.addoption("--database", choices=sorted(databases.KINDS), default="sqlite", help="where a test's rows stand")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What only one database has is not asked of the other; what takes longest is begun first."""
    for item in items:
        only = item.get_closest_marker("only_on")
        if only and only.args != (config.getoption("--database"),):
            item.add_marker(pytest.mark.skip(f"only {only.args[0]} has this"))
        item.add_marker(pytest.mark.xdist_group(who_takes(item.location[0])))
    items.sort(key=lambda item: next((n for n, part in enumerate(LONGEST) if part in item.location[0]), len(LONGEST)))


def who_takes(file: str) -> str:
    """A worker takes a file whole, and one of them all that drive a browser, as they share a site."""
    return "browser" if file.startswith("tests/browser/") else file


@pytest.fixture(scope="session")
def database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The database of this run, migrated."""
    chosen = databases.KINDS[request.config.getoption("--database")](tmp_path_factory.mktemp("data"))
    yield chosen
    chosen.stop()


@pytest.fixture(scope="session")
def _app(database: Any) -> Flask:
    app = create_app(
        DATA_DIR=str(database.folder),
        DATABASE_URL=database.url,
        TESTING=True,
        LIMITS="off",
        SECOND_STEP="staff",
        MAIL_URL="",
        BASE_URL="http://localhost",
    )
    with app.app_context():
        database.hurry(db.engine)
    return app


@pytest.fixture
def app(database: Any, _app: Flask) -> Iterator[Flask]:
    """The application on an empty database of its own."""
    with _app.app_context():
        databases.begin_anew(database)
        page_cache.cache.clear()
        memory.forget_all()
        second_step.Demand.of_staff = True
        limiter.begin(_app.config)  # another application may have chosen otherwise for all
        makers.go_to_noon()
        yield _app
        db.session.remove()
        clock.move_to(None)


class Browser(FlaskClient):
    """A reader without JavaScript: fills in forms as they stand on the page."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        """Each request in a context of its own, as it runs in earnest; the test's rows are read anew after it."""
        with self.application.app_context():
            answer = super().open(*args, **kwargs)
        db.session.expire_all()
        return answer

    def token(self) -> str:
        """The token of this reader's session, as every page of a member holds it; for POSTs that no page offers."""
        button = HTMLParser(self.get("/no-such-page").text).css_first("[name=csrf_token]")
        return str(button.attributes["value"])

    def see(self, path: str, status: int = 200) -> HTMLParser:
        """The page at a path."""
        answer = self.get(path, follow_redirects=True)
        assert answer.status_code == status, (answer.status_code, answer.text[:2000])
        return HTMLParser(answer.text)

    def send(self, path: str, fields: dict[str, Any] | None = None, page: str | None = None, **more: Any) -> Any:
        """POST to a path with the hidden fields (token, key) of the form on `page` that posts there."""
        shown = HTMLParser(self.get(page or path).text)
        form = next((f for f in shown.css("form") if (f.attributes.get("action") or path).split("#")[0] == path), None)
        assert form is not None, f"no form on {page or path} posts to {path}"
        hidden = {i.attributes["name"]: i.attributes.get("value") or "" for i in form.css("input[type=hidden]")}
        return self.post(path, data={**hidden, **(fields or {})}, **more)


@pytest.fixture
def visitor(app: Flask) -> Browser:
    """Somebody who is not signed in."""
    app.test_client_class = Browser
    return app.test_client()  # type: ignore[return-value]


@pytest.fixture
def browser_of(app: Flask) -> Callable[[Any], Browser]:
    """A browser in which a member is signed in, a minute after the second step was proved there."""

    def signed_in(member: Any) -> Browser:
        app.test_client_class = Browser
        client = app.test_client()
        with unit_of_work():
            token = members.begin_session(member, "Test")
        with client.session_transaction() as session:
            session["_user_id"] = token
            session["_fresh"] = True
            session[PROVED_AT] = clock.real_now().timestamp() - 60
        return client  # type: ignore[return-value]

    return signed_in


@pytest.fixture
def anna(app: Flask) -> Any:
    """An ordinary Dutch member who agreed to personalisation and analytics."""
    return makers.member("Anna", consents=("personalisation", "analytics"))


@pytest.fixture
def bob(app: Flask) -> Any:
    """Another ordinary member, who agreed to nothing."""
    return makers.member("Bob")


@pytest.fixture
def editor(app: Flask) -> Any:
    """An editor of the Dutch site."""
    return makers.member("Eva", role="editor", role_site="nl")


@pytest.fixture
def moderator(app: Flask) -> Any:
    """A moderator of the Dutch site, who reads English."""
    return makers.member("Mo", site="en", role="moderator", role_site="nl")


@pytest.fixture
def admin(app: Flask) -> Any:
    """An administrator of all sites, who reads English."""
    return makers.member("Ada", site="en", role="admin")


@pytest.fixture
def as_anna(anna: Any, browser_of: Callable[[Any], Browser]) -> Browser:
    """Anna's browser."""
    return browser_of(anna)


@pytest.fixture
def as_bob(bob: Any, browser_of: Callable[[Any], Browser]) -> Browser:
    """Bob's browser."""
    return browser_of(bob)


@pytest.fixture
def as_editor(editor: Any, browser_of: Callable[[Any], Browser]) -> Browser:
    """The editor's browser."""
    return browser_of(editor)


@pytest.fixture
def as_moderator(moderator: Any, browser_of: Callable[[Any], Browser]) -> Browser:
    """The moderator's browser."""
    return browser_of(moderator)


@pytest.fixture
def as_admin(admin: Any, browser_of: Callable[[Any], Browser]) -> Browser:
    """The administrator's browser."""
    return browser_of(admin)


@pytest.fixture
def run_jobs(app: Flask) -> Callable[[], int]:
    """Let the worker's work be done now, all of it that is due."""

    def run_all() -> int:
        total = 0
        while done := jobs.run_due():
            total += done
        return total

    return run_all


@pytest.fixture
def statements(app: Flask) -> Callable[[Callable[[], Any]], list[str]]:
    """The SQL statements of what a function does, but those by which a deed begins."""

    def counted(deed: Callable[[], Any]) -> list[str]:
        seen: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
            if not statement.startswith(("PRAGMA", "BEGIN", "SELECT pg_current_xact_id()")):
                seen.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        try:
            deed()
        finally:
            event.remove(db.engine, "before_cursor_execute", note)
        return seen

    return counted
