"""`/media/<file>`: picture files with their true type, cached for a year, from a folder where nothing runs."""

from flask import Blueprint, send_from_directory
from werkzeug.wrappers import Response

from community.media import store
from community.web.access import everyone

bp = Blueprint("media", __name__)
TYPES = {"webp": "image/webp", "svg": "image/svg+xml"}


@bp.get("/media/<string:name>")
@everyone
def picture(name: str) -> Response:
    """One file. A drawing gets a policy of its own, so that it could run nothing even if it held it."""
    response = send_from_directory(
        store.folder(),
        name,
        mimetype=TYPES.get(name.rpartition(".")[2], "application/octet-stream"),
        max_age=31_536_000,
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
