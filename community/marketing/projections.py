"""The reader of the record that says where each relationship stands."""

from community.marketing import actions
from community.touchpoints.actions import projection
from community.touchpoints.models import Touchpoint


@projection("phases", forget=actions.forget)
def phases(touchpoints: list[Touchpoint]) -> None:
    """The phase of the hourglass with its reasons and history, and the figures beside it."""
    actions.read(touchpoints)
