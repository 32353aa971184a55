"""What a member's home remembers, in the profile, so that nothing is asked twice; and the weekly letter."""

from collections.abc import Iterable

from flask_babel import force_locale

from community.core import clock
from community.core.db import db, unit_of_work
from community.core.jobs import every, job
from community.home.models import WeeklyLetter
from community.home.queries import weekly
from community.members.models import Member
from community.members.queries import member_by_id
from community.messages.actions.mails import send_later
from community.messages.models import WEEKLY, MailClass
from community.personalisation.slots_actions import keep_offer
from community.profiles import actions as profiles

BATCH = 200
CHILDREN_ASKED = "asked:children"  # kept with the ticked tasks: the question is done


def keep_tasks(member: Member, shown: Iterable[str], ticked: Iterable[str]) -> None:
    """Keep the ticks of the list that was shown."""
    profiles.set_tasks(member, set(shown), set(ticked))


def ask_no_more(member: Member) -> None:
    """The member does not want to tell of children now; the question does not come again."""
    profiles.set_tasks(member, {CHILDREN_ASKED}, {CHILDREN_ASKED})


@every(3_600)
@job
def find_due_letters() -> None:
    """Have a letter written for everybody who is due one, so many in one commit."""
    now, last = clock.now(), 0
    while found := weekly.due_members(now, last, BATCH):
        with unit_of_work():
            for member_id in found:
                write_letter.later(member_id, key=f"member:{member_id}")
        last = found[-1]


@job
def write_letter(member_id: int) -> None:
    """One member's letter of this week, once, however often this runs; nothing to say is no mail. It is worked out
    before anything is written, so that nobody waits for it."""
    member = member_by_id(member_id)
    if member is None or not weekly.is_due(member_id, clock.now()):
        return
    with force_locale(member.site.locale):
        letter = weekly.letter_for(member, clock.today(member.site.zone))
    with unit_of_work():
        if weekly.is_due(member_id, clock.now()):
            _keep_letter(member, letter)


def _keep_letter(member: Member, letter: weekly.Letter) -> None:
    db.session.add(WeeklyLetter(member_id=member.id, week=weekly.week_of(member), at=clock.now()))
    if letter.offer is not None:
        keep_offer(letter.offer)
    if not letter.is_empty:
        send_later(member, "weekly", MailClass.EDITORIAL, ends=WEEKLY, letter=letter)
