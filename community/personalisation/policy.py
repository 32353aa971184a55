"""Whose reading may choose what they see."""

from typing import Any

from community.members.models import Purpose


def may_learn_from(who: Any) -> bool:
    """A member, or a visitor with a number, who agreed to personalisation."""
    is_known = who.is_member or who.visitor_id is not None
    return is_known and bool(who.consents_to(Purpose.PERSONALISATION))
