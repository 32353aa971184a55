"""Readers of the record: histories, pairs and popularity, each rebuilt from nothing to the same tables."""

from functools import partial

from community.personalisation import actions
from community.personalisation.models import CoRead, Popularity, Read
from community.personalisation.queries import counting
from community.touchpoints.actions import projection
from community.touchpoints.models import Touchpoint


@projection("reads", forget=partial(actions.forget_all, Read))
def reads(touchpoints: list[Touchpoint]) -> None:
    """Who read what, for how long and how far."""
    actions.keep_reads(touchpoints)


@projection("co_reads", forget=partial(actions.forget_all, CoRead))
def co_reads(touchpoints: list[Touchpoint]) -> None:
    """What readers of one item read next to it."""
    actions.count_co_reads(counting.counted_in(touchpoints))


@projection("popularity", forget=partial(actions.forget_all, Popularity))
def popularity(touchpoints: list[Touchpoint]) -> None:
    """How much each item is read, with a half-life."""
    actions.count_popularity(counting.counted_in(touchpoints))
