"""`/media/<file>`: picture files with their true type, cached for a year, from a place where nothing runs.

They come through us from object storage too: nobody but us can ask there, and pages link to no other host."""

import re

from flask import Blueprint, abort, request
from werkzeug.wrappers import Response

from community.media import store
from community.web.access import everyone

bp = Blueprint("media", __name__)
TYPES = {"webp": "image/webp", "svg": "image/svg+xml"}
NAME = re.compile(r"[0-9a-f]{24}-[0-9]{1,5}\.(webp|svg)")


@bp.get("/media/<string:name>")
@everyone
def picture(name: str) -> Response:
    """One file. A drawing gets a policy of its own, so that it could run nothing even if it held it."""
    named = NAME.fullmatch(name)
    content = store.place().get(name) if named else None
    if named is None or content is None:
        abort(404)
    response = Response(content, mimetype=TYPES[named[1]])
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    response.set_etag(name)  # a name never means another file
    return response.make_conditional(request)
