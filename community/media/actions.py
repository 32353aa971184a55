"""Taking pictures in: by content, not by name; measured before they are decoded; always re-encoded."""

import hashlib
import io
import secrets
import warnings
from dataclasses import dataclass
from typing import BinaryIO

from flask_babel import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from community.core import clock
from community.core.db import db
from community.core.jobs import job
from community.core.refused import Refused
from community.media import queries, store
from community.media.models import Picture
from community.members.models import Member

MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 40_000_000
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
WIDTHS = (320, 640, 1280)
QUALITY = 80


@dataclass(frozen=True)
class Rendered:
    """A picture whose files are written, before its row is."""

    name: str
    width: int
    height: int
    widths: list[int]
    digest: str


def render(file: BinaryIO) -> Rendered:
    """Decode and write the renditions. It takes its time, so a view does it before its unit of work."""
    content = _content(file)
    image = _decoded(content)
    name = secrets.token_hex(12)
    widths = [width for width in WIDTHS if width < image.width] + ([image.width] if image.width <= WIDTHS[-1] else [])
    for width in widths:
        height = max(1, round(image.height * width / image.width))
        rendition = io.BytesIO()
        image.resize((width, height), Image.Resampling.LANCZOS).save(rendition, "WEBP", quality=QUALITY)
        store.place().put(f"{name}-{width}.webp", rendition.getvalue())
    return Rendered(name, image.width, image.height, widths, hashlib.sha256(content).hexdigest())


def keep_picture(rendered: Rendered, alt: str, uploader: Member | None, label: str = "") -> Picture:
    """The row of a rendered picture. Without an uploader it is the site's own, which editors choose from."""
    picture = Picture(
        **vars(rendered),
        suffix="webp",
        alt=alt[:300],
        label=label[:120],
        uploader_id=uploader and uploader.id,
        created_at=clock.now(),
    )
    db.session.add(picture)
    db.session.flush()
    return picture


def known_picture(file: BinaryIO) -> Picture | None:
    """The site's own picture that came from the very same file, if there is one."""
    digest = hashlib.sha256(_content(file)).hexdigest()
    file.seek(0)
    return queries.picture_by_digest(digest)


def with_words(picture: Picture, alt: str) -> Picture:
    """The same picture under another description: a picture of its own, so that no other page changes."""
    if picture.alt in ("", alt):
        picture.alt = alt[:300]
        return picture
    known = queries.picture_by_digest(picture.digest, alt)
    if known is not None:
        return known
    name = secrets.token_hex(12)
    for width in picture.widths:
        _copy(picture.file(width), f"{name}-{width}.{picture.suffix}")
    columns = ("suffix", "width", "height", "widths", "label", "digest")
    same = {column: getattr(picture, column) for column in columns}
    described = Picture(**same, name=name, alt=alt[:300], created_at=clock.now())
    db.session.add(described)
    db.session.flush()
    return described


def take_drawing(svg: bytes, alt: str, width: int, height: int) -> Picture:
    """A drawing that ships with the program (the demonstration); never somebody's upload."""
    digest = hashlib.sha256(svg + alt.encode()).hexdigest()
    known = queries.picture_by_digest(digest)
    if known is not None:
        return known
    name = digest[:24]
    store.place().put(f"{name}-{width}.svg", svg)
    picture = Picture(
        name=name,
        suffix="svg",
        width=width,
        height=height,
        widths=[width],
        alt=alt,
        digest=digest,
        created_at=clock.now(),
    )
    db.session.add(picture)
    db.session.flush()
    return picture


def remove_pictures_of(member_id: int) -> None:
    """All of a member's uploads go."""
    for picture in queries.pictures_by(member_id):
        remove_picture(picture)


def remove_picture(picture: Picture) -> None:
    """An upload goes; its files right after the commit."""
    remove_files.later([picture.file(width) for width in picture.widths])
    db.session.delete(picture)


@job
def remove_files(names: list[str]) -> None:
    """Files of pictures that are gone go."""
    for name in names:
        store.place().remove(name)


def _copy(name: str, other: str) -> None:
    content = store.place().get(name)
    if content is None:
        raise FileNotFoundError(name)
    store.place().put(other, content)


def _content(file: BinaryIO) -> bytes:
    content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise Refused(_("This picture is larger than 10 MB. Choose a smaller one."), "picture")
    return content


def _decoded(content: bytes) -> Image.Image:
    """The first frame, upright, in RGB; its size is read from the header first."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            image = Image.open(io.BytesIO(content), formats=FORMATS)
            if image.width * image.height > MOST_PIXELS:
                raise Refused(_("This picture has more than 40 megapixels. Choose a smaller one."), "picture")
            image.seek(0)
            upright = ImageOps.exif_transpose(image)
            return upright.convert("RGBA" if _has_alpha(upright) else "RGB")
        except (
            UnidentifiedImageError,
            OSError,
            ValueError,
            SyntaxError,
            Image.DecompressionBombWarning,
            Image.DecompressionBombError,
        ) as error:
            raise Refused(_("This is no picture that we can read. JPEG, PNG, WebP and GIF work."), "picture") from error


def _has_alpha(image: Image.Image) -> bool:
    return image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
