"""Every text of ours exists in Dutch: no page is half translated."""

import re
import subprocess
import sys
from pathlib import Path

from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]


def test_the_catalogue_is_whole(tmp_path: Path) -> None:
    pot = tmp_path / "messages.pot"
    extract = [sys.executable, "-m", "babel.messages.frontend", "-q", "extract", "-F", "babel.cfg", "-k", "_l"]
    subprocess.run([*extract, "-o", str(pot), "community"], cwd=ROOT, check=True)
    wanted = {message.id for message in read_po(pot.open("rb")) if message.id}
    dutch = read_po((ROOT / "community/translations/nl/LC_MESSAGES/messages.po").open("rb"), locale="nl")
    done = {message.id for message in dutch if message.id and not message.fuzzy and all(_strings(message.string))}
    assert sorted(map(str, wanted - done)) == []


def test_placeholders_survive_translation() -> None:
    dutch = read_po((ROOT / "community/translations/nl/LC_MESSAGES/messages.po").open("rb"), locale="nl")
    lost = []
    for message in dutch:
        if not message.id:
            continue
        named = set(re.findall(r"%\((\w+)\)", " ".join(_strings(message.id))))
        told = set(re.findall(r"%\((\w+)\)", " ".join(_strings(message.string))))
        if named != told:
            lost.append((message.id, message.string))
    assert lost == []


def _strings(text: object) -> tuple[str, ...]:
    return text if isinstance(text, tuple) else (str(text or ""),)
