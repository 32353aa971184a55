"""The audit log: who did or looked at what that others must be able to account for.

Each row carries a digest over itself and the row before it, so that a changed or missing row shows. A reason that
somebody typed (`why`) may have to be erased: the chain holds its digest instead, salted, so that nobody guesses it."""

import hashlib
import json
import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, select
from sqlalchemy.orm import Mapped, mapped_column

from community.core import clock
from community.core.db import Model, alone, db


class AuditEntry(Model):
    """One deed or look. `facts` holds no passwords, texts or addresses, but for `why`."""

    __tablename__ = "audit_entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="SET NULL"), index=True)
    deed: Mapped[str] = mapped_column(String(60))
    about: Mapped[str] = mapped_column(String(60), index=True)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    digest: Mapped[str] = mapped_column(String(64))


def keep(deed: str, about: str, actor_id: int | None, **facts: Any) -> None:
    """Write one line, in the deed's own commit. `about` is a key such as `member:9`."""
    alone("audit")  # each row follows from one
    before = db.session.scalar(select(AuditEntry.digest).order_by(AuditEntry.id.desc()).limit(1)) or ""
    if "why" in facts:
        facts["why_salt"] = secrets.token_hex(8)
        facts["why_digest"] = _digest_of_why(facts)
    entry = AuditEntry(at=clock.now(), actor_id=actor_id, deed=deed, about=about, facts=facts)
    entry.digest = _digest(entry, before)
    db.session.add(entry)
    db.session.flush()


def first_broken() -> int | None:
    """The id of the first row that does not follow from the one before it; None where all is whole."""
    before = ""
    for entry in db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)):
        if entry.digest != _digest(entry, before) or not _is_why_whole(entry.facts):
            return entry.id
        before = entry.digest
    return None


def forget_whys(about: list[str]) -> None:
    """The reasons that somebody typed about these things go; the chain stays whole."""
    for entry in db.session.scalars(select(AuditEntry).where(AuditEntry.about.in_(about))):
        if "why" in entry.facts:
            entry.facts = _without_why(entry.facts)


def _without_why(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if name not in ("why", "why_salt")}


def _digest_of_why(facts: dict[str, Any]) -> str:
    return hashlib.sha256(f"{facts['why_salt']}\n{facts['why']}".encode()).hexdigest()


def _is_why_whole(facts: dict[str, Any]) -> bool:
    return "why" not in facts or facts.get("why_digest") == _digest_of_why(facts)


def _digest(entry: AuditEntry, before: str) -> str:
    """Without the actor: an erased member leaves the chain whole."""
    told = [
        before,
        entry.at.isoformat(),
        entry.deed,
        entry.about,
        json.dumps(_without_why(entry.facts), sort_keys=True),
    ]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()
