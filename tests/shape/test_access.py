"""The permission matrix: every page of every permission, asked by a visitor, a member and each role."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from community.core.permissions import ALLOWS, Permission, Role
from tests import makers

EXAMPLES = {"int": "999999", "month": "2015-01", "string": "nothing", "site": "nl", "any": "week"}


def addresses(app: Flask) -> list[tuple[str, str, Permission]]:
    """(method, address with made-up parameters, permission) of all that needs one."""
    found = []
    for rule in app.url_map.iter_rules():
        access = getattr(app.view_functions[rule.endpoint], "access", None)
        if not isinstance(access, Permission):
            continue
        path = re.sub(r"<(\w+)[^>]*>", lambda part: EXAMPLES[part[1]], rule.rule)
        found += [(method, path, access) for method in sorted((rule.methods or set()) & {"GET", "POST"})]
    return found


def asked(browser: Any, method: str, path: str, token: str) -> Any:
    return browser.get(path) if method == "GET" else browser.post(path, data={"csrf_token": token})


def token_on(browser: Any, page: str) -> str:
    return str(browser.see(page).css_first("[name=csrf_token]").attributes["value"])


def test_a_visitor_is_asked_to_sign_in_everywhere(app: Flask, visitor: Any) -> None:
    token = token_on(visitor, "/register")
    answers = {(method, path): asked(visitor, method, path, token) for method, path, _needed in addresses(app)}
    assert {place for place, answer in answers.items() if "/sign-in" not in (answer.location or "")} == set()
    assert len(answers) > 40


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
def test_a_role_gets_403_wherever_it_lacks_the_right(app: Flask, browser_of: Callable[..., Any], role: Role) -> None:
    member = makers.member("Rol", role=None if role is Role.MEMBER else role, role_site="nl")
    held = ALLOWS[role] | ALLOWS[Role.MEMBER]
    browser = browser_of(member)
    token = token_on(browser, "/account/")
    wrong = []
    for method, path, needed in addresses(app):
        status = asked(browser, method, path, token).status_code
        if (needed not in held and status != 403) or status >= 500:
            wrong.append((method, path, status))
        if method == "POST" and needed in held:  # it may have ended the session
            browser = browser_of(member)
            token = token_on(browser, "/account/")
    assert wrong == []
