"""What members asked the service, and what it answered."""

from datetime import timedelta

from community.core import clock
from community.demo import queries
from community.demo.actions.scene import AWAY, ago, at, person_of
from community.demo.texts import Entry
from community.messages.actions import notices
from community.service import actions
from community.service.actions import Asker
from community.service.models import CaseKind
from community.sites.models import SITES

STEP = timedelta(hours=5)  # between a word and the answer to it


def put_case(entry: Entry) -> bool:
    """A case with all that was said in it."""
    site, who = SITES[entry["site"]], person_of(entry["who"])
    if queries.has_asked(who.id, entry["subject"]):
        return False
    began_at = ago(entry["days_ago"], site)
    (_them, first), *more = entry["said"]
    asker = Asker(who, who.name, who.email or "")
    with at(began_at):
        case = actions.open_case(site, asker, CaseKind(entry["kind"]), entry["subject"], first)
    for number, (side, words) in enumerate(more, 1):
        with at(began_at + STEP * number):
            if side == "us":
                actions.answer(case, person_of(entry["agent"]), words)
            else:
                actions.write_on(case, who, words)
    with at(clock.now() - AWAY):
        notices.read_all(who, queries.last_notice_before(who.id, clock.now()))
    if entry.get("solved"):
        with at(began_at + STEP * len(entry["said"])):
            actions.solve(case, who)
    return True
