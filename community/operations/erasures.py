"""Who was erased, remembered where no backup reaches: a restored older one is erased again at the next start.

One line each, without a name: the member's number, and a digest that tells whether a database means the same one."""

import json
import os
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

NAME = "erasures"
_folder = Path()


@dataclass(frozen=True)
class Erasure:
    """One line: whose row, when, and whether what was written went too."""

    member_id: int
    at: str
    with_posts: bool
    salt: str
    digest: str

    def means(self, member_id: int, joined_at: datetime) -> bool:
        """Whether the row with this number is that of the member who was erased."""
        return member_id == self.member_id and self.digest == _digest(self.salt, member_id, joined_at)


def keep_in(folder: Path) -> None:
    """Remember in this data folder."""
    global _folder
    _folder = folder


def remember(member_id: int, joined_at: datetime, at: datetime, with_posts: bool) -> None:
    """Write one line to the disk, before the erasure itself is stored: if that fails, the next start ends it."""
    salt = secrets.token_hex(8)
    digest = _digest(salt, member_id, joined_at)
    _append([Erasure(member_id, at.isoformat(), with_posts, salt, digest)], _folder / NAME)


def remembered(folder: Path | None = None) -> list[Erasure]:
    """Every line, the oldest first; a last line that a crash cut short is none."""
    path = (folder or _folder) / NAME
    lines = path.read_text().split("\n")[:-1] if path.exists() else []
    return [Erasure(**json.loads(line)) for line in lines if line]


def take_over(folder: Path) -> None:
    """Remember also what stands in the file of another folder: a backup's."""
    known = remembered()
    _append([erasure for erasure in remembered(folder) if erasure not in known], _folder / NAME)


def _append(erasures: list[Erasure], path: Path) -> None:
    descriptor = os.open(path, os.O_APPEND | os.O_CREAT | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.writelines(json.dumps(asdict(erasure)) + "\n" for erasure in erasures)
        file.flush()
        os.fsync(file.fileno())


def _digest(salt: str, member_id: int, joined_at: datetime) -> str:
    return sha256(f"{salt} {member_id} {joined_at.isoformat()}".encode()).hexdigest()
