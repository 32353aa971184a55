"""Who likes to help and bring friends; their points come from the record, as everybody's do."""

from community.ambassadors.actions.programme import join, show_on_board
from community.ambassadors.actions.referrals import friend_registered
from community.ambassadors.policy import Doubt
from community.ambassadors.queries.people import ambassador_of
from community.demo.actions.scene import at, noon_of, person_of
from community.demo.texts import Entry


def put_ambassador(entry: Entry) -> bool:
    """Somebody who takes part, with the friends who came by the link."""
    member = person_of(entry["who"])
    if ambassador_of(member.id):
        return False
    with at(noon_of(entry["since"])):
        ambassador = join(member)
        show_on_board(ambassador, member, entry["is_on_board"])
    for key in entry["friends"]:
        friend = person_of(key)
        with at(friend.joined_at):
            doubt = Doubt.HOUSEHOLD if key in entry.get("same_browser", ()) else None
            friend_registered(friend, ambassador.code, doubt)
    return True
