"""How a request knows its member: Flask-Login's cookie holds a session's token, the row gives the rest."""

import threading
from datetime import timedelta

from flask import Flask, current_app, g, request, session
from flask_login import LoginManager, login_user, logout_user
from werkzeug.wrappers import Response

from community.core import clock
from community.core.db import unit_of_work
from community.members import actions, policy, queries
from community.members.models import Member, Purpose, Visitor

CONSENT_COOKIE, VISITOR_COOKIE = "consent", "visitor"
PROVED_AT = "proved_at"  # in the session: when the second step was last proved in this browser
PROOF_LASTS = timedelta(minutes=10)
VISITOR_LIFE = timedelta(days=180)
# In the session, and with consent in a cookie of this name: the code of a friend whose link was followed; and in the
# session alone, past signing out: the code that belongs to who uses this browser.
CAME_BY, OWN_CODE = "came_by", "own_code"
CAME_BY_LIFE = timedelta(days=30)
LETTERS = {"p": Purpose.PERSONALISATION, "a": Purpose.ANALYTICS}


def init_app(app: Flask) -> None:
    """Let Flask-Login ask us."""
    manager = LoginManager()
    manager.session_protection = None
    manager.anonymous_user = visitor_of_request
    manager.user_loader(_member_of)
    manager.init_app(app, add_context_processor=False)  # a page asks nobody by itself: an error's may have no database
    app.after_request(_keep_visit)


def sign_in(member: Member) -> None:
    """Begin a session in this browser, in the deed's commit; what the cookie held before is dropped."""
    actions.begin_session(member, browser_name(request.user_agent.string))
    login_user(member, remember=False)


def note_proof() -> None:
    """A right code was typed here just now."""
    session[PROVED_AT] = clock.real_now().timestamp()


def is_proved() -> bool:
    """Whether the second step was ever proved in this session."""
    return PROVED_AT in session


def is_just_proved() -> bool:
    """Whether the second step was proved here within ten minutes."""
    return clock.real_now().timestamp() - session.get(PROVED_AT, 0.0) < PROOF_LASTS.total_seconds()


def sign_out() -> None:
    """End this browser's session, here and on the server."""
    token = session.get("_user_id")
    if token:
        with unit_of_work():
            actions.end_session(token)
    logout_user()


def visitor_of_request() -> Visitor:
    """The visitor that the cookies tell of: which uses were agreed to, and the random number, if any."""
    chosen = request.cookies.get(CONSENT_COOKIE, "") if request else ""
    consents = frozenset(LETTERS[letter] for letter in chosen if letter in LETTERS)
    number = request.cookies.get(VISITOR_COOKIE) if consents else None
    return Visitor(consents=consents, visitor_id=number[:32] if number else None)


def browser_name(agent: str) -> str:
    """A browser as its owner knows it: "Firefox on Android". No more is kept of it."""
    browsers = ("Firefox", "Edg", "OPR", "SamsungBrowser", "Chrome", "Safari")
    systems = ("Android", "iPhone", "iPad", "Windows", "Macintosh", "Linux")
    names = {"Edg": "Edge", "OPR": "Opera", "SamsungBrowser": "Samsung Internet", "Macintosh": "Mac"}
    browser = next((b for b in browsers if b in agent), "Browser")
    system = next((s for s in systems if s in agent), "")
    return f"{names.get(browser, browser)} on {names.get(system, system)}" if system else names.get(browser, browser)


def _member_of(token: str) -> Member | None:
    now = clock.real_now()
    member, began_at = queries.signed_in(token) or (None, now)
    if member is None or not member.is_active or began_at < now - actions.SESSION_LIFE:
        return None
    member.session_token = token  # type: ignore[misc]
    if policy.is_new_visit(member, clock.now()):
        g.returned_with = token
    return member


def _keep_visit(response: Response) -> Response:
    """At most twice an hour for each member, and after the answer: a page never waits for it. The cookie lasts anew."""
    if "returned_with" in g:
        session.modified = True
        app, token = current_app._get_current_object(), g.pop("returned_with")  # type: ignore[attr-defined]
        if app.testing:
            _store_visit(app, token)
        else:
            threading.Timer(0, _store_visit, (app, token)).start()
    return response


def _store_visit(app: Flask, token: str) -> None:
    with app.app_context(), unit_of_work():
        actions.note_return(token)
