"""What one mail tells: delivery reports (RFC 3464), complaints (RFC 5965), and the free texts of older servers.

Nothing in it is trusted: it is text of a stranger, broken as it may be."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message

from community.messages.bounces.plain import told_in
from community.messages.bounces.verdict import is_gone, status_in
from community.messages.models import BounceKind

MOST_BYTES = 10 * 1024 * 1024
MOST_PARTS, MOST_WORDS, MOST_RECIPIENTS = 100, 20_000, 500
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"']+@[A-Za-z0-9.-]+[A-Za-z0-9]")
_AUTOMATIC = re.compile(r"^(auto(matic)?[ -]?(reply|response|answer)|out of (the )?office|abwesen|vacation)", re.I)
_SENDERS = re.compile(r"mailer-daemon|post_?master|mail(er)? ?deliver|mail system|mail administrator|daemon@", re.I)
_SUBJECTS = re.compile(
    r"undeliver|not deliver|delivery (status|fail|error|report|notif|problem|unsuccess|delay)|returned? mail"
    r"|mail return"
    r"|failure notice|failed|non.?deliver|unable to deliver|couldn.t be delivered|could not be delivered|bounce"
    r"|rejected|mail error|message status|returned to sender|zustell|nicht zugestellt",
    re.I,
)


@dataclass(frozen=True)
class Told:
    """What one mail says of one recipient."""

    recipient: str
    status: str
    kind: BounceKind | None  # none: it arrived, or it is late and still on its way
    words: str = ""


def read(content: bytes) -> list[Told]:
    """All that a mail tells of recipients; nothing where it is no bounce and no complaint."""
    message = message_from_bytes(_with_plain_line_ends(content[:MOST_BYTES]))
    parts = list(_parts(message))
    report = next((text for kind, text in parts if kind == "message/feedback-report"), None)
    if report is not None:
        return _complaints(report, parts)
    told = _delivery_report(parts)
    if not told and _is_bounce(message):
        told = _free_text(message, parts)
    return list({each.recipient: each for each in reversed(told[:MOST_RECIPIENTS])}.values())[::-1]


def header_of(content: bytes, name: str) -> str:
    """One header of a mail; empty where it has none."""
    return _header(message_from_bytes(_with_plain_line_ends(content[:65_536])), name).strip("<> \n")


def _with_plain_line_ends(content: bytes) -> bytes:
    return content.replace(b"\r\n", b"\n").replace(b"\r", b"\n").lstrip(b"\n")


def _parts(message: Message) -> Iterator[tuple[str, str]]:
    """The parts with their kinds and texts, those of an attached mail too, in order."""
    for number, part in enumerate(message.walk()):
        if number > MOST_PARTS:
            return
        kind = part.get_content_type()
        if kind in ("message/delivery-status", "message/feedback-report", "message/global-delivery-status"):
            yield kind.replace("global-", ""), _as_typed(part)
        elif kind == "message/rfc822":
            yield kind, _as_typed(part)
        elif not part.is_multipart():
            yield kind, _text(part)
        if part.is_multipart() and part.preamble and kind.startswith("multipart/") and number == 0:
            yield "preamble", part.preamble


def _as_typed(part: Message) -> str:
    """What stands in a part that is made of headers."""
    text = part.as_string().partition("\n\n")[2]
    return text.encode("ascii", "replace").decode("iso-2022-jp", "ignore") if "\x1b$" in text else text


def _text(part: Message) -> str:
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return ""
    if b"\x1b$" in content:
        return content.decode("iso-2022-jp", "ignore")
    try:
        return content.decode(part.get_content_charset() or "utf-8", "replace")
    except LookupError:
        return content.decode("latin-1")


def _complaints(report: str, parts: list[tuple[str, str]]) -> list[Told]:
    """Feedback of a mail provider: its reader said "spam", or wants to hear no more. Others are not about readers."""
    fields = _fields(report)
    if fields.get("feedback-type", "").lower() not in ("abuse", "fraud", "opt-out", "opt-out-list", "miscategorized"):
        return []
    original = next((text for kind, text in parts if kind in ("message/rfc822", "text/rfc822-headers")), "")
    found = fields.get("original-rcpt-to", "") or fields.get("removal-recipient", "") or _fields(original).get("to", "")
    found += " ".join(re.findall(r"^original-rcpt-to\s*:(.*)$", report, re.I | re.M))
    return [Told(address, "", BounceKind.COMPLAINT, "complaint") for address in _addresses(found)]


def _delivery_report(parts: list[tuple[str, str]]) -> list[Told]:
    """The fields of each recipient, wherever they stand in what the server wrote itself."""
    own = [text for kind, text in parts if kind not in ("message/rfc822", "text/rfc822-headers")]
    words = "\n".join(text for kind, text in parts if kind in ("text/plain", "text/html", "preamble"))[:MOST_WORDS]
    told = []
    for text in own:
        for block in re.split(r"\n\s*\n", text):
            if re.search(r"^(final|original)-recipient\s*:", block, re.I | re.M):
                told += _of_block(_fields(block), words)
    return told


def _of_block(fields: dict[str, str], words: str) -> list[Told]:
    addresses = [_addresses(fields.get(f"{name}-recipient", "")) for name in ("original", "final", "x-actual")]
    address = next((found[0] for found in addresses if found), "")
    if not address:
        return []
    said = fields.get("diagnostic-code", "")
    status = status_in(fields.get("status", "")) or status_in(said)
    if status.endswith((".0.0", ".0")) and (better := status_in(said)):
        status = better
    action = fields.get("action", "failed").lower()
    if not action.startswith("fail"):
        return [Told(address, status, None, said)] if action.startswith(("deliv", "relay", "expand")) else [
            Told(address, status, BounceKind.SOFT, said)]  # fmt: skip
    near = _about(address, words)
    return [_judged(address, status, said or near, f"{near} {fields.get('x-powermta-bouncecategory', '')}")]


def _free_text(message: Message, parts: list[tuple[str, str]]) -> list[Told]:
    """Servers that write as they like: the recipients are named, their words stand near."""
    texts = [text for kind, text in parts if kind.startswith(("text/plain", "text/html", "preamble", "multipart/"))]
    named = _addresses(_header(message, "X-Failed-Recipients"))
    text = "\n".join(texts)[:MOST_WORDS]
    subject = _header(message, "Subject")
    return [_judged(address, status_in(words), words or subject) for address, words in told_in(text, named)]


def _judged(address: str, status: str, words: str, around: str = "") -> Told:
    words = " ".join(words.split())
    kind = BounceKind.HARD if is_gone(status, words, around) else BounceKind.SOFT
    return Told(address, status or ("5.0.0" if kind == BounceKind.HARD else ""), kind, words[:300])


def _about(address: str, words: str) -> str:
    """The words near an address, where the report itself has none."""
    return " ".join(near for found, near in told_in(words, [address]) if found == address)


def _is_bounce(message: Message) -> bool:
    """Whether a server wrote it about a mail of ours: never an automatic answer of a person (RFC 3834)."""
    subject = _header(message, "Subject")
    submitted = _header(message, "Auto-Submitted").lower()
    if submitted.startswith("auto-replied") and not _header(message, "X-Failed-Recipients"):
        return False
    if _AUTOMATIC.match(subject) or _header(message, "Precedence").lower() == "auto_reply":
        return False
    by_server = _header(message, "Return-Path").strip() == "<>" or bool(_SENDERS.search(_header(message, "From")))
    return by_server or bool(_SUBJECTS.search(subject)) or bool(_header(message, "X-Failed-Recipients"))


def _fields(text: str) -> dict[str, str]:
    """Header lines, unfolded; the first of a name counts."""
    found: dict[str, str] = {}
    for line in re.sub(r"\n[ \t]+", " ", text.lstrip("\n")).split("\n"):
        name, colon, value = line.partition(":")
        if colon and name.strip():
            found.setdefault(name.strip().lower(), value.strip())
        elif found and not line.strip():
            break
    return found


def _addresses(text: str) -> list[str]:
    return list(dict.fromkeys(found.lower().strip(".") for found in _ADDRESS.findall(text)))


def _header(message: Message, name: str) -> str:
    value = message.get(name)
    try:
        return str(make_header(decode_header(str(value)))) if value is not None else ""
    except (LookupError, ValueError, UnicodeError):
        return str(value)
