"""Pictures of another site, loaded where the operator asked for them: made safe like every upload."""

import hashlib
import io
from collections.abc import Callable
from urllib.parse import unquote

import structlog

from community.core.db import unit_of_work
from community.core.imports import Memory
from community.core.refused import Refused
from community.media import actions as media
from community.media.models import Picture

Fetch = Callable[[str], bytes]
log = structlog.get_logger()


def picture_key(address: str) -> str:
    """How a picture is known by its old address, however long that is."""
    return hashlib.sha256(address.encode()).hexdigest()


def load_picture(address: str, alt: str, fetch: Fetch, memory: Memory) -> tuple[Picture | None, str]:
    """The picture of an address, in a commit of its own, or why there is none. It is loaded before the commit."""
    try:
        rendered = media.render(io.BytesIO(fetch(address)))
    except Refused as refused:
        return None, refused.why
    except Exception as error:
        log.warning("picture not loaded", error=type(error).__name__)
        return None, f"It could not be loaded ({type(error).__name__})."
    with unit_of_work():
        picture = media.keep_picture(rendered, alt, None, unquote(address.partition("?")[0]).rpartition("/")[2])
        memory.keep("picture", picture_key(address), rendered.digest, picture.id)
    return picture, ""
