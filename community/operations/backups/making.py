"""Making a backup: built beside its place, renamed when whole; the old ones go."""

import os
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy.engine import URL

from community.core.refused import Refused
from community.media.store import Store
from community.operations import erasures
from community.operations.backups import database
from community.operations.backups import manifest as manifests
from community.operations.backups.manifest import Manifest

KEPT = timedelta(days=30)  # as the privacy page says
AT_ONCE = 8  # object storage answers slowly, and many at once
SETTINGS = ("secret-key", "demo-sign-ins.json", erasures.NAME)


@dataclass(frozen=True)
class Place:
    """Where a site stands: its database, its data folder and its pictures."""

    url: URL
    data: Path
    media: Store


def make(folder: Path, place: Place, schema: str, now: datetime, told: Callable[[int, int], None]) -> Manifest:
    """Write everything to a new folder. `told` hears how many of how many files are copied."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refused(f"{folder} is not empty. Give a folder that does not exist yet.")
    half = folder.with_name(f".{folder.name}.half-{os.getpid()}")
    half.mkdir(parents=True, mode=0o700)
    try:
        files = _filled(half, place, told)
        size = sum((half / name).stat().st_size for name in files)
        made = Manifest(now.isoformat(), schema, place.url.get_backend_name(), files, size)
        made.write(half)
        _sync(half)
        half.replace(folder)
    finally:
        shutil.rmtree(half, ignore_errors=True)
    return made


def drop_old(folder: Path, keep: int, now: datetime) -> list[Path]:
    """Of the backups that stand beside this one only the newest so many stay, and none past its time."""
    dated = [(manifests.read(path).moment, path) for path in folder.parent.iterdir() if _is_backup(path)]
    dated.sort(reverse=True)
    old = [path for number, (at, path) in enumerate(dated) if number >= keep or at < now - KEPT]
    for path in old:
        shutil.rmtree(path)
    return old


def _filled(half: Path, place: Place, told: Callable[[int, int], None]) -> dict[str, str]:
    """The database first: a picture that it knows has its files already, and they never change."""
    kind = database.of(place.url)
    kind.dump(place.url, half / kind.file)
    written = [kind.file]
    written += [_settings(half, place, name) for name in SETTINGS if (place.data / name).exists()]
    names = sorted(place.media.names())
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for number, picture in enumerate(pool.map(partial(_picture, half, place), names), 1):
            written += [picture] if picture else []
            told(number, len(names))
    return {name: manifests.digest_of(half / name) for name in written}


def _settings(half: Path, place: Place, name: str) -> str:
    return _write(half, f"settings/{name}", (place.data / name).read_bytes())


def _picture(half: Path, place: Place, name: str) -> str:
    """Its path in the backup; none where it was erased while we copy."""
    content = place.media.get(name)
    return "" if content is None else _write(half, f"media/{name}", content)


def _write(half: Path, name: str, content: bytes) -> str:
    path = half / name
    path.parent.mkdir(exist_ok=True, mode=0o700)
    path.write_bytes(content)
    path.chmod(0o600)
    return name


def _sync(folder: Path) -> None:
    """Let the disk hold all of it before it has its name."""
    for path in [*folder.rglob("*"), folder]:
        descriptor = os.open(path, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)


def _is_backup(path: Path) -> bool:
    try:
        manifests.read(path)
    except Refused:
        return False
    return not path.is_symlink()
