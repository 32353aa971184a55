"""Who may call a view: each one carries `@everyone` or `@needs(...)`, and a test looks that it does."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import abort, g, redirect, request, url_for
from flask_login import current_user

from community.core.db import read_anew
from community.core.permissions import Permission

View = TypeVar("View", bound=Callable[..., Any])


def current_member() -> Any:
    """Who asks: a `Member`, read anew inside a deed, or a `Visitor`. Never the proxy of Flask-Login."""
    member = current_user._get_current_object()
    if member.is_member:
        read_anew(member)
    return member


def everyone(view: View) -> View:
    """Anybody may call this view."""
    view.access = "everyone"  # type: ignore[attr-defined]
    return view


def needs(permission: Permission) -> Callable[[View], View]:
    """Only who holds this permission at the site of the address, or, where the address names none, at any site:
    the view then asks its policy about the thing's own site. A visitor is asked to sign in."""

    def mark(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            member = current_member()
            if not member.is_member:
                return redirect(url_for("accounts.sign_in", next=_asked_for()))
            require(member.can(permission, g.site if _names_site() else None))
            return view(*args, **kwargs)

        guarded.access = permission  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return mark


def require(allowed: bool) -> None:
    """403 where a policy said no."""
    if not allowed:
        abort(403)


def network_of_request() -> str:
    """The reader's network for limits: the address, or the /64 of an IPv6 address."""
    address = request.remote_addr or "unknown"
    return ":".join(address.split(":")[:4]) if ":" in address else address


def _names_site() -> bool:
    return request.url_rule is not None and "site" in request.url_rule.arguments


def _asked_for() -> str:
    if request.method != "GET":
        return "/"
    return request.full_path.rstrip("?")
