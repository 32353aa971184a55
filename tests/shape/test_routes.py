"""Every route says who may call it, and what its parameters are."""

import re

from flask import Flask

from community.core.permissions import Permission


def routes(app: Flask) -> list[tuple[str, str]]:
    return [(rule.rule, rule.endpoint) for rule in app.url_map.iter_rules()]


def test_every_route_has_an_access_mark(app: Flask) -> None:
    unmarked = [
        rule
        for rule, endpoint in routes(app)
        if not isinstance(getattr(app.view_functions[endpoint], "access", None), str | Permission)
    ]
    assert unmarked == []


def test_every_parameter_has_a_converter(app: Flask) -> None:
    bare = [rule for rule, _endpoint in routes(app) if re.search(r"<[a-z_]+>", rule)]
    assert bare == []


def test_addresses_are_in_kebab_case(app: Flask) -> None:
    odd = [rule for rule, _e in routes(app) if not re.fullmatch(r"[a-z0-9./-]*", re.sub(r"<[^>]+>", "", rule))]
    assert odd == []


def test_a_get_never_needs_a_token_and_a_post_is_never_left_without_one(app: Flask) -> None:
    """Views that take a POST without a CSRF token are few, and each checks the origin or a token of its own."""
    exempt = {name.rsplit(".", 1)[-1] for name in app.extensions["csrf"]._exempt_views}
    assert exempt <= {"read", "consent", "theme", "due", "unsubscribe"}, exempt
