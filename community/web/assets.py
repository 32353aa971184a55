"""Static files: the style sheets as one bundle, compressed, under an address that changes with any of them.

They are served for a year by WhiteNoise. There is no build step: the bundle is made at the first start."""

import hashlib
import os
import shutil
from pathlib import Path

from flask import Flask
from whitenoise import WhiteNoise
from whitenoise.compress import Compressor

SOURCE = Path(__file__).resolve().parents[1] / "static"


def init_app(app: Flask) -> None:
    """Make the bundle where it is missing, and serve it before any request reaches Flask."""
    digest = _digest()
    folder = Path(app.config["DATA_DIR"]) / "static" / digest
    if not folder.exists():
        _build(folder)
    app.config["STATIC_DIGEST"] = digest
    app.jinja_env.globals["asset"] = lambda path: f"/static/{digest}/{path}"
    static = WhiteNoise(app.wsgi_app, max_age=60, immutable_file_test=lambda path, url: True)
    static.add_files(str(folder), prefix=f"static/{digest}/")
    app.wsgi_app = static  # type: ignore[method-assign]


def _files() -> list[Path]:
    return sorted(path for path in SOURCE.rglob("*") if path.is_file() and path.suffix not in (".gz", ".br"))


def _digest() -> str:
    whole = hashlib.sha256()
    for path in _files():
        whole.update(str(path.relative_to(SOURCE)).encode())
        whole.update(path.read_bytes())
    return whole.hexdigest()[:12]


def _build(folder: Path) -> None:
    """Write to a folder beside it first, so that two starting processes never see half of it."""
    making = folder.with_name(f"{folder.name}-{os.getpid()}")
    shutil.rmtree(making, ignore_errors=True)
    shutil.copytree(SOURCE, making, ignore=shutil.ignore_patterns("css"))
    sheets = sorted((SOURCE / "css").glob("*.css"))
    (making / "site.css").write_text("\n".join(sheet.read_text() for sheet in sheets))
    compressor = Compressor(quiet=True)
    for path in [p for p in making.rglob("*") if p.is_file() and compressor.should_compress(p.name)]:
        list(compressor.compress(str(path)))
    try:
        making.rename(folder)
    except OSError:  # another process was first
        shutil.rmtree(making, ignore_errors=True)
