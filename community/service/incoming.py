"""An answer that came by mail: which case it belongs to, and what was written anew above what our mail said.

Our mails begin with a line that says to write above it, and end their subject with the mark of their case."""

import re
from dataclasses import dataclass
from email import message_from_bytes
from email.errors import MessageError
from email.message import EmailMessage
from email.policy import default
from email.utils import parseaddr
from hashlib import sha256

from community.core.text import plain

MARK = re.compile(r"\[#(\d{1,9})-([0-9a-f]{10})\]")
LINE = "--- ✂ ---"  # stands in the first line of each of our mails, in every language
_QUOTE = re.compile(r"^\s*>")


@dataclass(frozen=True)
class Incoming:
    """A mail that names a case."""

    case_id: int
    seal: str
    sender: str
    words: str
    key: str  # its Message-ID, so that it is taken once


def read(content: bytes) -> Incoming | None:
    """The answer in a mail; None where it names no case or says nothing."""
    try:
        mail = message_from_bytes(content, policy=default)
        mark, words = MARK.search(mail["Subject"] or ""), _new_words(mail)
        sender, key = parseaddr(mail["From"] or "")[1].lower(), str(mail["Message-ID"] or "")
    except (MessageError, LookupError, ValueError, TypeError, AttributeError):
        return None
    if mark is None or not words or mail["Auto-Submitted"] not in (None, "no"):
        return None
    return Incoming(int(mark[1]), mark[2], sender, words, key[:190] or sha256(content).hexdigest())


def mark_of(case_id: int, seal: str) -> str:
    """What the subject of our mail about a case ends with."""
    return f"[#{case_id}-{seal[:10]}]"


def _new_words(mail: EmailMessage) -> str:
    part = mail.get_body(("plain", "html"))
    written = part.get_content() if part is not None else ""
    if part is not None and part.get_content_type() == "text/html":
        written = plain(written)
    lines = written.partition(LINE)[0].replace("\r\n", "\n").rstrip("> \t\n-").split("\n")
    while lines and (_QUOTE.match(lines[-1]) or not lines[-1].strip()):
        lines.pop()
    if len(lines) > 1 and lines[-1].rstrip().endswith(":") and LINE in written:  # "On Monday somebody wrote:"
        lines.pop()
    return "\n".join(lines).strip()
