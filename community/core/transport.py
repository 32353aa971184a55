"""How a mail leaves: over SMTP, one message at a time. What is sent, and to whom, is decided in messages/."""

import smtplib
from collections.abc import Mapping
from email.utils import make_msgid, parseaddr
from urllib.parse import unquote, urlsplit

from flask_mailman import EmailMultiAlternatives, Mail

mail = Mail()


class Unsure(Exception):
    """The mail server broke off: nobody knows whether it took the mail."""


def smtp_settings(url: str) -> dict[str, object]:
    """Flask-Mailman's configuration for an address like `smtp://user:password@host:587`."""
    parts = urlsplit(url)
    secure = parts.scheme == "smtps"
    return {
        "MAIL_SERVER": parts.hostname or "127.0.0.1",
        "MAIL_PORT": parts.port or (465 if secure else 25),
        "MAIL_USERNAME": unquote(parts.username) if parts.username else None,
        "MAIL_PASSWORD": unquote(parts.password) if parts.password else None,
        "MAIL_USE_SSL": secure,
        "MAIL_USE_TLS": bool(parts.username) and not secure,
        "MAIL_TIMEOUT": 20,
        "MAIL_BACKEND": "smtp",
    }


def send(to: str, subject: str, text: str, html: str, headers: Mapping[str, str]) -> None:
    """Hand one mail to the mail server; raises OSError where it did not take it, Unsure where nobody can tell."""
    message = EmailMultiAlternatives(subject=subject, body=text, to=[to], headers=dict(headers))
    sender = parseaddr(message.from_email)[1]
    message.extra_headers["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2] or None)
    if html:
        message.attach_alternative(html, "text/html")
    message.connection = mail.get_connection()
    message.connection.open()
    try:
        message.send()
    except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused):
        raise
    except OSError as error:
        raise Unsure from error
    finally:
        message.connection.close()
