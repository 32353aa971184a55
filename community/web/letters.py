"""The words of a mail: `email/<name>.txt` (its first line is the subject) and `email/<name>.html`; and the
address that ends it, which works without signing in."""

import re
from typing import Any

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer


def render_letter(name: str, member: Any, context: dict[str, Any]) -> tuple[str, str, str]:
    """(subject, text, HTML) in the present language. Needs no request."""
    whole = {"member": member, "site": member.site, "base_url": current_app.config["BASE_URL"], **context}
    environment = current_app.jinja_env
    subject, _blank, text = environment.get_template(f"email/{name}.txt").render(whole).strip().partition("\n")
    text = re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"
    return subject, text, environment.get_template(f"email/{name}.html").render(whole)


def has_mail_server() -> bool:
    """Whether mails leave; without a server they stay readable in the outbox."""
    return bool(current_app.config["MAIL_URL"])


def address_to_end(member: Any, ends: str) -> str:
    """Where mails to this member are ended: a signed address that gives no other right, in their language."""
    token = _signer().dumps([member.id, ends])
    return f"{current_app.config['BASE_URL']}/unsubscribe/{token}?site={member.site.code}"


def ended_by(token: str) -> tuple[int, str] | None:
    """(number of the member, what ends) of such an address; None where we did not make it."""
    try:
        member_id, ends = _signer().loads(token)
    except (BadSignature, ValueError, TypeError):
        return None
    return member_id, ends


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.config["SECRET_KEY"]), salt="unsubscribe")
