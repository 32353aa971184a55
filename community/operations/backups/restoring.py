"""Bringing a backup back: checked whole before anything changes; what was there is put aside, and nothing is mixed."""

import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

from community.core.refused import Refused
from community.core.schema import knows_schema
from community.operations import erasures
from community.operations.backups import database
from community.operations.backups import manifest as manifests
from community.operations.backups.database import put_aside
from community.operations.backups.making import AT_ONCE, KEPT, Place
from community.operations.backups.manifest import Manifest

ASIDE = "*.before-*"


def checked(folder: Path, place: Place) -> Manifest:
    """The manifest of a backup that this program can take back; else words that say why not."""
    manifest = manifests.read(folder)
    kind = place.url.get_backend_name()
    if manifest.database != kind:
        raise Refused(f"The backup is of {manifest.database}, and this site stands on {kind}.")
    if not knows_schema(manifest.schema):
        raise Refused(f"The backup's database ({manifest.schema}) is newer than this program. Start the newer program.")
    manifests.check(folder, manifest)
    return manifest


def put_back(
    folder: Path, place: Place, manifest: Manifest, now: datetime, told: Callable[[int, int], None]
) -> list[str]:
    """Put all of it in its place; where the present state stands aside.

    Whoever was erased since the backup was made is remembered on: that file is added to, never replaced."""
    stamp = f"{now:%Y%m%dT%H%M%S.%f}"
    _bring_pictures(folder, place, manifest, told)
    aside = database.of(place.url).load(place.url, folder / database.of(place.url).file, stamp)
    for name in manifest.files:
        if name.startswith("settings/") and Path(name).name != erasures.NAME:
            aside += [path for path in [put_aside(place.data / Path(name).name, stamp)] if path]
            shutil.copyfile(folder / name, place.data / Path(name).name)
            (place.data / Path(name).name).chmod(0o600)
    erasures.take_over(folder / "settings")
    since = place.media.names() - manifest.pictures
    return [*map(str, aside), *([place.media.put_aside(since, stamp)] if since else [])]


def drop_old_asides(place: Place, now: datetime) -> None:
    """What was put aside expires as backups do."""
    place.media.drop_asides(now - KEPT)
    for path in place.data.glob(ASIDE):
        if path.is_file() and path.stat().st_ctime < (now - KEPT).timestamp():
            path.unlink()


def _bring_pictures(folder: Path, place: Place, manifest: Manifest, told: Callable[[int, int], None]) -> None:
    """Before the database that knows them: until then, nobody asks for what is new."""
    names = sorted(manifest.pictures)

    def bring(name: str) -> None:
        place.media.put(name, (folder / "media" / name).read_bytes())

    with ThreadPoolExecutor(AT_ONCE) as pool:
        for number, _done in enumerate(pool.map(bring, names), 1):
            told(number, len(names))
