"""Join, leave, and be seen on the board or not."""

import secrets

from flask_babel import gettext as _

from community.ambassadors import policy
from community.ambassadors.actions import ledger
from community.ambassadors.models import Ambassador
from community.ambassadors.queries import people as queries
from community.core import clock, generation
from community.core.db import alone, db
from community.core.refused import Refused
from community.members.models import Member
from community.touchpoints.actions import record
from community.touchpoints.models import Verb

WORDS = ("acorn", "clover", "daisy", "heron", "maple", "otter", "pebble", "poppy", "robin", "willow")
LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # none that looks like another
LENGTH = 6


def join(member: Member) -> Ambassador:
    """Become an ambassador; who was one before finds the same code again."""
    if not policy.may_join(member, clock.now()):
        raise Refused(_("You can join once you may write here again."))
    alone(f"ambassador:{member.id}")
    found = queries.ambassador_of(member.id)
    if found is not None and found.left_at is None:
        return found
    if found is None:
        found = Ambassador(member_id=member.id, code=_new_code(), joined_at=clock.now())
        db.session.add(found)
    found.joined_at, found.left_at = clock.now(), None
    record(member, Verb.AMBASSADOR_JOINED)
    ledger.keep_balances([member.id])
    return found


def leave(ambassador: Ambassador, member: Member) -> None:
    """Stop: the code opens nothing from now on. What was given stays."""
    if ambassador.left_at is not None:
        return
    show_on_board(ambassador, member, False)
    ambassador.left_at = clock.now()
    record(member, Verb.AMBASSADOR_LEFT)
    ledger.keep_balances([member.id])


def show_on_board(ambassador: Ambassador, member: Member, is_shown: bool) -> None:
    """Be seen among those who helped most, or not."""
    if ambassador.is_on_board != is_shown:
        ambassador.is_on_board = is_shown
        generation.changed(member.site.code)


def _new_code() -> str:
    """A word that is easy to say and some letters; it tells nothing of whose it is."""
    code = ""
    while not code or queries.is_code_taken(code):
        code = f"{secrets.choice(WORDS)}-{''.join(secrets.choice(LETTERS) for _letter in range(LENGTH))}"
    return code
