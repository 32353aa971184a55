"""The words of a mail: `email/<name>.txt` (its first line is the subject) and `email/<name>.html`."""

from typing import Any

from flask import current_app


def render_letter(name: str, member: Any, context: dict[str, Any]) -> tuple[str, str, str]:
    """(subject, text, HTML) in the present language. Needs no request."""
    whole = {"member": member, "site": member.site, "base_url": current_app.config["BASE_URL"], **context}
    environment = current_app.jinja_env
    subject, _blank, text = environment.get_template(f"email/{name}.txt").render(whole).strip().partition("\n")
    return subject, text.strip() + "\n", environment.get_template(f"email/{name}.html").render(whole)


def has_mail_server() -> bool:
    """Whether mails leave; without a server they stay readable in the outbox."""
    return bool(current_app.config["MAIL_URL"])
