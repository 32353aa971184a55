"""What keeps a guesser out: limits per account and per network, and answers that all take the same time."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from community.core.limits import limiter
from community.core.refused import Refused
from community.members.actions import is_password
from community.members.models import Member
from community.members.queries import digest_of
from community.web.access import network_of_request
from community.web.forms import Form
from community.web.limits import too_soon

View = TypeVar("View", bound=Callable[..., Any])
EVEN_SECONDS = 0.15  # longer than either way takes


def in_even_time(view: View) -> View:
    """Answer a POST no sooner than after a fixed time, so that the clock does not tell who has an account."""

    @wraps(view)
    def timed(*args: Any, **kwargs: Any) -> Any:
        began = time.monotonic()
        answer = view(*args, **kwargs)
        if request.method == "POST":
            time.sleep(max(0.0, EVEN_SECONDS - (time.monotonic() - began)))
        return answer

    return timed  # type: ignore[return-value]


def keep_address_to_ourselves(response: Response) -> Response:
    """An address with a token in it is told to no other site."""
    response.headers["Referrer-Policy"] = "same-origin"
    return response


def is_in_time_for(form: Form, name: str, email: str) -> bool:
    """Count a deed for an address and for the network; where it is one too many, the form says so."""
    form.wait = max(limiter.wait(name, who) for who in _who(email))
    if form.wait:
        form.refuse(Refused(too_soon(form.wait)))
    return not form.wait


def knows_password(form: Form, field: str, member: Member | None, email: str) -> bool:
    """Whether the password in a field is the member's. A right one costs no guess; a wrong one is told."""
    if not is_in_time_for(form, "sign-in", email):
        return False
    if is_password(member, form[field].data):
        account, network = _who(email)
        limiter.forget("sign-in", account)
        limiter.give_back("sign-in", network)
        return True
    form.refuse(
        Refused(_("This is not your password. Try again."), field)
        if member is not None and member.session_token
        else Refused(_("This address and this password do not belong together. Try again, or choose a new password."))
    )
    return False


def _who(email: str) -> tuple[str, str]:
    """The keys of the counts: an address is counted by its digest, whether or not it has an account."""
    return f"account:{digest_of(email.strip().lower())[:32]}", network_of_request()
