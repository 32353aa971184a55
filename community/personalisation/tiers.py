"""What a recommendation rests on: nothing of the reader, the page they are on, what they told, or what they did."""

from collections.abc import Mapping
from enum import StrEnum

from flask_babel import lazy_gettext as _l

from community.personalisation.engine.scoring import Part


class Tier(StrEnum):
    """From knowing nothing of a reader to knowing most."""

    NONE = "none"
    CONTEXT = "context"
    PROFILE = "profile"
    BEHAVIOUR = "behaviour"


BY_DEEDS = frozenset({Part.LEARNED, Part.NEXT, Part.BESIDE, Part.NEAR, Part.TASTE})
BY_WORDS = frozenset({Part.STAGE, Part.CHOSEN, Part.PEERS})
WORDS = {
    Tier.NONE: _l("For this one we used nothing of you."),
    Tier.CONTEXT: _l("For this one we used the page that you are on, and nothing of you."),
    Tier.PROFILE: _l("For this one we used what you told us."),
    Tier.BEHAVIOUR: _l("For this one we used what you did here."),
}


def tier_of(weights: Mapping[Part, float], is_beside: bool) -> Tier:
    """The highest that weighed anything. Beside an item all parts weigh what goes with that item."""
    if is_beside:
        return Tier.CONTEXT if weights else Tier.NONE
    parts = {part for part, weight in weights.items() if weight > 0}
    if parts & BY_DEEDS:
        return Tier.BEHAVIOUR
    return Tier.PROFILE if parts & BY_WORDS else Tier.NONE
