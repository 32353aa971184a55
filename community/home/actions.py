"""What a member's home remembers: in the profile, so that nothing is asked twice."""

from collections.abc import Iterable

from community.members.models import Member
from community.profiles import actions as profiles

CHILDREN_ASKED = "asked:children"  # kept with the ticked tasks: the question is done


def keep_tasks(member: Member, shown: Iterable[str], ticked: Iterable[str]) -> None:
    """Keep the ticks of the list that was shown."""
    profiles.set_tasks(member, set(shown), set(ticked))


def ask_no_more(member: Member) -> None:
    """The member does not want to tell of children now; the question does not come again."""
    profiles.set_tasks(member, {CHILDREN_ASKED}, {CHILDREN_ASKED})
