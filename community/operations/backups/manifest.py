"""What a backup says of itself: when it was made, of which schema, and the digest of each of its files."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from community.core.refused import Refused

NAME = "manifest.json"
FORMAT = 1


@dataclass(frozen=True)
class Manifest:
    """`files` maps each file's path inside the backup to its SHA-256."""

    made_at: str
    schema: str
    database: str  # sqlite or postgresql
    files: dict[str, str]
    bytes: int
    format: int = FORMAT

    @property
    def moment(self) -> datetime:
        """When it was made."""
        return datetime.fromisoformat(self.made_at)

    @property
    def pictures(self) -> set[str]:
        """The names of its pictures' files."""
        return {name.removeprefix("media/") for name in self.files if name.startswith("media/")}

    def write(self, folder: Path) -> None:
        """Put it beside the files."""
        (folder / NAME).write_text(json.dumps(asdict(self), indent=1))


def read(folder: Path) -> Manifest:
    """The manifest of a backup, or words that say why this is none."""
    try:
        manifest = Manifest(**json.loads((folder / NAME).read_text()))
        _check_shape(manifest)
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise Refused(f"{folder} holds no backup that can be read: {NAME} is missing or broken.") from error
    return manifest


def check(folder: Path, manifest: Manifest) -> None:
    """Refuse a backup of which a file is missing or says something else than when it was made."""
    for name, digest in manifest.files.items():
        path = folder / name
        if not path.is_file() or path.is_symlink():
            raise Refused(f"{name} is missing from the backup. Nothing was changed.")
        if digest_of(path) != digest:
            raise Refused(f"{name} is not as it was when the backup was made. Nothing was changed.")


def digest_of(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _check_shape(manifest: Manifest) -> None:
    """No path leads out of the folder, and no later program wrote it."""
    odd = [name for name in manifest.files if Path(name).is_absolute() or ".." in Path(name).parts]
    if odd or manifest.format != FORMAT or manifest.moment.tzinfo is None:
        raise ValueError(manifest.format)
