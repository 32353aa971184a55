"""Everything about a member in one ZIP: for people, for programs, and the pictures themselves."""

import io
import json
import zipfile

from flask import current_app
from flask_babel import force_locale

from community.core import clock
from community.media import store
from community.media.queries import pictures_by
from community.members.models import Member
from community.operations.queries import personal as queries


def archive_of(member: Member) -> bytes:
    """A ZIP with data.json, a readable index.html and the member's pictures. Needs no request."""
    parts = queries.everything_about(member)
    template = current_app.jinja_env.get_template("operations/archive.html")
    with force_locale(member.site.locale):
        readable = template.render(member=member, parts=parts, names=queries.labels(), at=clock.now())
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as files:
        files.writestr("data.json", json.dumps(parts, indent=2, ensure_ascii=False, default=str))
        files.writestr("index.html", readable)
        for picture in pictures_by(member.id):
            name = picture.file(picture.widths[-1])
            files.writestr(f"pictures/{name}", store.place().get(name) or b"")
    return archive.getvalue()
