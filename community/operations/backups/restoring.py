"""Bringing a backup back: checked whole before anything changes; what was there is put aside, and nothing is mixed."""

import os
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from community.core.refused import Refused
from community.core.schema import knows_schema
from community.operations import erasures
from community.operations.backups import database
from community.operations.backups import manifest as manifests
from community.operations.backups.database import put_aside
from community.operations.backups.making import KEPT, Place
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
) -> list[Path]:
    """Put all of it in its place; the paths under which the present state stands aside.

    Whoever was erased since the backup was made is remembered on: that file is added to, never replaced."""
    stamp = f"{now:%Y%m%dT%H%M%S.%f}"
    new_media = place.media.with_name(f"{place.media.name}.restoring")
    _copy_pictures(folder, new_media, manifest, told)
    aside = database.of(place.url).load(place.url, folder / database.of(place.url).file, stamp)
    aside += [path for path in [put_aside(place.media, stamp)] if path]
    new_media.replace(place.media)
    for name in manifest.files:
        if name.startswith("settings/") and Path(name).name != erasures.NAME:
            aside += [path for path in [put_aside(place.data / Path(name).name, stamp)] if path]
            shutil.copyfile(folder / name, place.data / Path(name).name)
            (place.data / Path(name).name).chmod(0o600)
    erasures.take_over(folder / "settings")
    return aside


def drop_old_asides(place: Place, now: datetime) -> None:
    """What was put aside expires as backups do."""
    for path in [*place.data.glob(ASIDE), *place.media.parent.glob(ASIDE)]:
        if path.exists() and path.stat().st_ctime < (now - KEPT).timestamp():
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def _copy_pictures(folder: Path, to: Path, manifest: Manifest, told: Callable[[int, int], None]) -> None:
    shutil.rmtree(to, ignore_errors=True)
    to.mkdir(parents=True)
    names = [name for name in manifest.files if name.startswith("media/")]
    for number, name in enumerate(names, 1):
        shutil.copyfile(folder / name, to / Path(name).name)
        told(number, len(names))
    os.sync()
