"""What became of who entered an audience, in words."""

from typing import Any

from flask_babel import lazy_gettext as _l

from community.segments.models import CrossingState

CROSSINGS: dict[str, Any] = {
    CrossingState.NOTED: _l("noted"),
    CrossingState.WAITING: _l("waits to be told"),
    CrossingState.TOLD: _l("told"),
    CrossingState.LEFT: _l("left before it was told"),
    CrossingState.FAILED: _l("not taken"),
}
