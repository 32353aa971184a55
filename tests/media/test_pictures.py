"""Pictures are judged by content, measured before they are decoded, and always made anew."""

import io
import time
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image

from community.core.db import unit_of_work
from community.core.refused import Refused
from community.media import store
from community.media.actions import keep_picture, render
from community.media.models import Picture
from tests.conftest import SHARED, Browser


def photo(size: tuple[int, int] = (800, 600), kind: str = "JPEG", mode: str = "RGB", **more: object) -> io.BytesIO:
    file = io.BytesIO()
    Image.new(mode, size, "#8CC2B1" if mode == "RGB" else 1).save(file, kind, **more)
    file.seek(0)
    return file


def take(file: io.BytesIO) -> Picture:
    with unit_of_work():
        return keep_picture(render(file), "A green field", None)


def rendition(picture: Picture, width: int) -> Image.Image:
    return Image.open(io.BytesIO(store.place().get(picture.file(width)) or b""))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_the_four_kinds_are_taken(app: Flask, kind: str) -> None:
    assert take(photo(kind=kind)).widths == [320, 640, 800]


def test_a_photo_is_turned_upright_and_says_nothing_of_where_it_was_made(app: Flask) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned a quarter
    exif[0x9286] = "secret place"
    picture = take(photo((800, 600), exif=exif.tobytes()))
    assert (picture.width, picture.height) == (600, 800)
    made = rendition(picture, 320)
    assert (dict(made.getexif()), made.info.get("exif")) == ({}, None)


@pytest.mark.parametrize(
    "content",
    [b"", b"GIF89a", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"<html></html>", b"%PDF-1.4", b"PK\x03\x04" * 20],
)
def test_what_is_no_picture_is_refused_in_words(app: Flask, content: bytes) -> None:
    with pytest.raises(Refused, match="picture"):
        take(io.BytesIO(content))


def test_a_bomb_is_refused_before_it_is_decoded(app: Flask) -> None:
    bomb = photo((20_000, 20_000), "PNG", mode="1", compress_level=9)
    began = time.process_time()
    with pytest.raises(Refused):
        take(bomb)
    assert time.process_time() - began < 1


def test_real_pictures_are_taken_or_refused_never_a_traceback(app: Flask) -> None:
    folder = SHARED / "data/images"
    if not folder.exists():
        pytest.skip("the shared pictures are not here")
    taken = refused = 0
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix not in (".md", ".json")):
        try:
            made = take(io.BytesIO(path.read_bytes()))
        except Refused:
            refused += 1
        else:
            taken += 1
            assert b"Exif" not in (store.place().get(Path(made.path(320)).name) or b""), path.name
    assert taken > 30
    assert refused > 5


def test_a_picture_is_served_with_its_true_type_and_runs_nothing(app: Flask, visitor: Browser) -> None:
    answer = visitor.get(take(photo()).path(320))
    assert answer.status_code == 200
    assert answer.mimetype == "image/webp"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/media/..%2Fcommunity.db", "/media/../secret-key", "/media/nothing-320.webp"])
def test_nothing_else_can_be_fetched(visitor: Browser, path: str) -> None:
    assert visitor.get(path).status_code == 404
