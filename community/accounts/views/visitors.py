"""What somebody without an account chooses, and the two texts that everybody may read."""

import re
import secrets
from email.utils import parseaddr
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

from flask import Blueprint, current_app, g, redirect, request, session
from werkzeug.wrappers import Response

from community.accounts.forms import CONSENTS
from community.core.db import unit_of_work
from community.core.text import article_html
from community.members.models import Purpose, Visitor
from community.members.views import (
    CAME_BY,
    CAME_BY_LIFE,
    CONSENT_COOKIE,
    LETTERS,
    VISITOR_COOKIE,
    VISITOR_LIFE,
)
from community.personalisation import actions as personalisation
from community.sites.views import A_YEAR
from community.web.access import current_member, everyone, require
from community.web.answers import back, page
from community.web.cache import shared_page
from community.web.headers import came_from_us

bp = Blueprint("visitors", __name__)
TEXTS = Path(__file__).resolve().parents[2] / "templates" / "pages"
THEMES = ("light", "dark")
NONE = "n"  # the cookie of who was asked and agreed to nothing
PURPOSES = tuple(LETTERS.values())


@bp.route("/<site:site>/consent", methods=["GET", "POST"])
@everyone
@shared_page
def consent() -> Any:
    """A visitor's choices, each apart. The page is cached: it carries no token, its origin is checked."""
    if current_member().is_member:
        return redirect("/account/privacy", 303)
    if request.method == "POST":
        require(came_from_us())
        return _kept(current_member(), _chosen())
    chosen = current_member().consents if CONSENT_COOKIE in request.cookies else None
    purposes = [(purpose, *CONSENTS[purpose]) for purpose in PURPOSES]
    return page("accounts/consent.html", purposes=purposes, chosen=chosen, consent_asked=False)


@bp.post("/theme")
@everyone
def theme() -> Any:
    """Light, dark, or as the device says; harmless to repeat."""
    require(came_from_us())
    answer = redirect(back(g.site.path), 303)
    wanted = request.form.get("theme", "")
    if wanted in THEMES:
        _set_cookie(answer, "theme", wanted, A_YEAR)
    else:
        answer.delete_cookie("theme")
    return answer


@bp.get("/<site:site>/rules", defaults={"name": "rules"})
@bp.get("/<site:site>/privacy", defaults={"name": "privacy"})
@everyone
@shared_page
def text(name: str) -> Any:
    """House rules and privacy, in the language of the site."""
    _sender, address = parseaddr(current_app.config["MAIL_FROM"])
    title, body_html = _text(name, g.site.language, g.site.path, address)
    return page("accounts/text.html", title=title, body_html=body_html)


def _chosen() -> frozenset[Purpose]:
    """All, none, or what is ticked."""
    choice = request.form.get("choice", "")
    if choice in ("all", "none"):
        return frozenset(PURPOSES if choice == "all" else ())
    return frozenset(purpose for purpose in PURPOSES if request.form.get(f"consent_{purpose}"))


def _kept(visitor: Visitor, chosen: frozenset[Purpose]) -> Response:
    """Keep the choice in the browser. Who agrees to less begins anew: what was kept of the old number goes."""
    answer = redirect(back(g.site.path), 303)
    number = visitor.visitor_id
    if number and visitor.consents - chosen:
        with unit_of_work():
            personalisation.forget_visitor(number)
        number = None
    letters = "".join(letter for letter, purpose in LETTERS.items() if purpose in chosen)
    _set_cookie(answer, CONSENT_COOKIE, letters or NONE, A_YEAR)
    if chosen:
        _set_cookie(answer, VISITOR_COOKIE, number or secrets.token_urlsafe(16), int(VISITOR_LIFE.total_seconds()))
        if CAME_BY in session:
            _set_cookie(answer, CAME_BY, session[CAME_BY], int(CAME_BY_LIFE.total_seconds()))
    else:
        answer.delete_cookie(VISITOR_COOKIE)
        answer.delete_cookie(CAME_BY)
    return answer


def _set_cookie(answer: Response, name: str, value: str, seconds: int) -> None:
    secure = current_app.config["SESSION_COOKIE_SECURE"]
    answer.set_cookie(name, value, max_age=seconds, secure=secure, httponly=True, samesite="Lax")


@cache
def _text(name: str, language: str, site_path: str, address: str) -> tuple[str, str]:
    """Title and HTML of a text of ours; English where the language has none yet."""
    path = TEXTS / f"{name}.{language}.md"
    source = (path if path.exists() else TEXTS / f"{name}.en.md").read_text()
    title, _blank, body = source.replace("{site}", site_path).replace("{address}", address).partition("\n")
    return title.removeprefix("# "), _with_anchors(article_html(body))


def _with_anchors(body_html: str) -> str:
    """Give each line of a list an address of its own: a decision names the house rule that it rests on."""
    numbers = count(1)
    return re.sub("<li>", lambda _line: f'<li id="rule-{next(numbers)}">', body_html)
