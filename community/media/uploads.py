"""Photos in a form: written anew before the deed, kept in the deed."""

from typing import Any

from community.core.refused import Refused
from community.media import actions
from community.media.actions import Rendered
from community.web.forms import Form
from community.web.limits import is_in_time


def rendered_photo(form: Form) -> Rendered | None:
    """The form's `photo` without what a camera notes in it; a file that is none is said at its field."""
    return _rendered(form, "photo", form["photo"].data)


def rendered_photos(form: Form) -> list[Rendered]:
    """The same of the form's `photos`."""
    found = (_rendered(form, "photos", file) for file in form["photos"].data or ())
    return [photo for photo in found if photo is not None]


def _rendered(form: Form, field: str, file: Any) -> Rendered | None:
    if not getattr(file, "filename", "") or not is_in_time(form, "upload"):
        return None
    try:
        return actions.render(file.stream)
    except Refused as refused:
        form.refuse(Refused(refused.why, field))
        return None
