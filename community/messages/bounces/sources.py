"""Where mails lie: a folder of files, one file, an mbox, a Maildir, or a mailbox over IMAP."""

import imaplib
import re
import ssl
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from community.core.imports import Unreadable
from community.messages.bounces.reading import MOST_BYTES

SECONDS = 60
_BEGINS = re.compile(rb"From \S+ .*\d{2}:\d{2}.*\d{4}")  # the line between the mails of an mbox
Mails = Iterator[tuple[str, bytes]]


def in_path(path: Path) -> Mails:
    """The mails of a file or a folder, each with its name; one that is too large is cut."""
    try:
        files = [path] if path.is_file() else sorted(found for found in path.rglob("*") if _is_mail(found, path))
        if not files:
            raise Unreadable("there is no mail here")
        for file in files:
            name = file.name if file == path else str(file.relative_to(path))
            yield from _in_file(file, name)
    except OSError as error:
        raise Unreadable(error.strerror or str(error)) from error


def in_mailbox(url: str, password: str, is_read_only: bool = False) -> Mails:
    """The unread mails of a mailbox over IMAP with TLS; each is marked as read once it was taken."""
    parts = urlsplit(url)
    folder = unquote(parts.path.strip("/")) or "INBOX"
    try:
        with imaplib.IMAP4_SSL(
            parts.hostname or "", parts.port or 993, ssl_context=ssl.create_default_context(), timeout=SECONDS
        ) as server:
            server.login(unquote(parts.username or ""), password)
            _done(server.select(f'"{folder}"', readonly=is_read_only))
            for number in _done(server.uid("SEARCH", "UNSEEN"))[0].split():
                fetched = _done(server.uid("FETCH", number, f"(BODY.PEEK[]<0.{MOST_BYTES}>)"))
                yield f"{folder}:{number.decode()}", next((part[1] for part in fetched if isinstance(part, tuple)), b"")
                if not is_read_only:
                    server.uid("STORE", number, "+FLAGS", r"(\Seen)")
    except (OSError, ssl.SSLError, imaplib.IMAP4.error) as error:
        raise Unreadable(f"{parts.hostname}: {error}") from error


def _done(answer: tuple[str, list]) -> list:
    if answer[0] != "OK":
        raise imaplib.IMAP4.error(str(answer[1])[:200])
    return answer[1]


def _is_mail(file: Path, root: Path) -> bool:
    """Files of a folder, but hidden ones and what a Maildir is still receiving."""
    parts = file.relative_to(root).parts
    return file.is_file() and "tmp" not in parts[:-1] and not any(part.startswith(".") for part in parts)


def _in_file(file: Path, name: str) -> Mails:
    """One mail, or those of an mbox, each numbered."""
    lines: list[bytes] = []
    number, size, was_blank = 0, 0, True
    with file.open("rb") as content:
        is_mbox = bool(_BEGINS.match(content.readline(1000)))
        content.seek(0)
        if not is_mbox:
            yield name, content.read(MOST_BYTES)
            return
        while line := content.readline(MOST_BYTES):
            if was_blank and _BEGINS.match(line):
                if lines:
                    number += 1
                    yield f"{name}:{number}", b"".join(lines)
                lines, size = [], 0
            elif size < MOST_BYTES:
                lines.append(line)
                size += len(line)
            was_blank = not line.strip()
    if lines:
        yield f"{name}:{number + 1}" if number else name, b"".join(lines)
