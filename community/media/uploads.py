"""A photo in a form: written anew before the deed, kept in the deed."""

from community.core.refused import Refused
from community.media import actions
from community.media.actions import Rendered
from community.web.forms import Form
from community.web.limits import is_in_time


def rendered_photo(form: Form) -> Rendered | None:
    """The form's `photo` without what a camera notes in it; a file that is none is said at its field."""
    file = form["photo"].data
    if not getattr(file, "filename", "") or not is_in_time(form, "upload"):
        return None
    try:
        return actions.render(file.stream)
    except Refused as refused:
        form.refuse(Refused(refused.why, "photo"))
        return None
