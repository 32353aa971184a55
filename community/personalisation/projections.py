"""The reader of the record that keeps histories, pairs and popularity; rebuilt from nothing to the same tables."""

from community.personalisation import actions
from community.personalisation.queries import counting
from community.touchpoints.actions import projection
from community.touchpoints.models import Touchpoint


@projection(counting.READING, forget=actions.forget_all)
def reading(touchpoints: list[Touchpoint]) -> None:
    """Who read what, for how long and how far; what readers of one item read next to it; how much each is read."""
    actions.keep_reads(touchpoints)
    actions.count_reads(counting.counted_in(touchpoints))
