"""What somebody reported, what a moderator decided about it, and what its author thinks of that."""

from datetime import datetime, timedelta
from typing import Any

from community.core import clock
from community.core.refused import Refused
from community.demo import queries
from community.demo.actions.scene import ago, at, person_of
from community.demo.actions.talk import KEEPERS, key_of
from community.demo.texts import Entry
from community.forums.actions.topics import reply
from community.items.models import Post
from community.members.models import Member
from community.moderation.actions.appeals import appeal
from community.moderation.actions.decisions import Choice, decide
from community.moderation.actions.reports import report
from community.moderation.models import Concern, Deed
from community.moderation.queries.decisions import told_decision
from community.moderation.reasons import Reason

STEP = timedelta(minutes=25)  # between a post, each report, a decision and an appeal


def put_report(entry: Entry) -> bool:
    """Reports about one thing, with all that followed."""
    written_at = ago(entry["days_ago"], person_of(entry["reports"][0][0]).site)
    thing = _thing(entry, written_at)
    if queries.has_reported(thing.key, person_of(entry["reports"][0][0]).id):
        return False
    concern = _reported(thing, entry, written_at)
    if "decided" in entry:
        _decide(concern, entry, written_at + STEP * (len(entry["reports"]) + 1))
    return True


def _thing(entry: Entry, written_at: datetime) -> Post | Member:
    """A post that was written for it, one of the talk, or a member."""
    if "member" in entry:
        return person_of(entry["member"])
    key = key_of(entry["topic"], entry["post"])
    found = queries.post_of_key(key)
    if found is None and "words" in entry:
        opening = queries.post_of_key(key_of(entry["topic"], 1))
        with at(written_at):
            found = opening and _answer(opening.item, entry)
        if found is not None:
            found.imported_key = key
    if found is None:
        raise Refused(f"there is no post {key!r}")
    return found


def _answer(topic: Any, entry: Entry) -> Post:
    return reply(topic, person_of(entry["who"]), entry["words"])


def _reported(thing: Post | Member, entry: Entry, written_at: datetime) -> Concern:
    """Each reporter's word, one after the other."""
    concerns = []
    for number, (who, reason, note) in enumerate(entry["reports"], 1):
        with at(min(written_at + STEP * number, clock.now())):
            concerns.append(report(thing, person_of(who), Reason(reason), note))
    return concerns[-1]


def _decide(concern: Concern, entry: Entry, decided_at: datetime) -> None:
    deed, reason, words = entry["decided"]
    with at(min(decided_at, clock.now())):
        moderator = person_of(KEEPERS[concern.site.code])
        decision = decide(concern, moderator, Choice(Deed(deed), reason, words))
    if "appeal" in entry:
        author = person_of(entry["who"])
        told = told_decision(author, decision.id)
        with at(min(decided_at + STEP, clock.now())):
            appeal(told or decision, author, entry["appeal"])
