"""The ledger of points: a line for each touchpoint that helped, given after two days in which nobody objected, for
a year.

The balance is the sum of what is given and has not lapsed. All of it can be made anew from the record."""

from collections.abc import Callable, Collection, Sequence
from datetime import timedelta

from sqlalchemy import delete, insert, update

from community.ambassadors import policy
from community.ambassadors.models import EntryState, PointEntry
from community.ambassadors.policy import Help, Tally, Tier
from community.ambassadors.queries import ledger as queries
from community.ambassadors.queries import people
from community.ambassadors.queries.ledger import Line
from community.core import clock, generation
from community.core.db import alone, db, insert_into, unit_of_work
from community.core.jobs import every, job
from community.messages.actions import notices
from community.messages.models import NoticeKind
from community.profiles.models import Standing
from community.touchpoints.models import Touchpoint

BATCH = 200
LOOKED_AT_FOR = timedelta(days=400)
OWN_PAGE = "/account/ambassador"


def add(touchpoints: Sequence[Touchpoint]) -> None:
    """New rows of the record: each that helped gets its line, and what is old enough is given at once."""
    helps = queries.helps_in(touchpoints)
    if not helps:
        return
    tally = Tally(queries.taken_near(helps))
    rows = [_row(help_, tally) for help_ in helps if not tally.knows(help_)]
    if rows:
        db.session.execute(insert(PointEntry), rows)
    settle(queries.lines_of([row["touchpoint_id"] for row in rows]))


def settle(lines: Sequence[Line]) -> set[int]:
    """Give what is due and stands, refuse what was taken back; who has points that were not there before."""
    if not lines:
        return set()
    stands, reported, gained = queries.standing(lines), queries.reported(lines), set()
    for line in lines:
        entry, before = line.entry, line.entry.state
        is_reported = entry.about in reported
        entry.state, entry.why_refused = policy.verdict(entry, entry.id in stands, is_reported, clock.now())
        if entry.state == EntryState.GIVEN != before:
            gained.add(entry.member_id)
    keep_balances({line.entry.member_id for line in lines})
    return gained


def keep_balances(member_ids: Collection[int]) -> None:
    """What other rooms read of it, in the same commit: the sum of what is given, and the tier of who takes part."""
    db.session.flush()
    alone("bookmark:points")  # sums that are made beside each other would overwrite each other
    there = {found.member_id: found for found in people.in_programme(member_ids)}
    rows = [
        {"member_id": member_id, "points": points, "tier": policy.tier_of(points) if member_id in there else ""}
        for member_id, points in sorted(queries.balances(member_ids).items())
    ]
    statement = insert_into(Standing)
    new = {name: statement.excluded[name] for name in ("points", "tier")}
    db.session.execute(statement.on_conflict_do_update(index_elements=["member_id"], set_=new), rows)
    for site in {found.member.site.code for found in there.values() if found.is_on_board}:
        generation.changed(site)


def forget() -> None:
    """No line and no points, before the ledger is made anew."""
    db.session.execute(delete(PointEntry))
    db.session.execute(update(Standing).values(points=0))
    db.session.execute(update(Standing).where(Standing.tier != "").values(tier=Tier.FRIEND))


@every(300)
@job
def give_due() -> None:
    """Give what waited for two days, let lapse what counted for a year; who gets something hears of it, once a day."""
    now = clock.now()
    _go_through(lambda after: queries.due_lines(now, after, BATCH), is_told=True)


@every(86_400)
@job
def look_again() -> None:
    """What was taken away or brought back since it was given counts as it stands now."""
    since = clock.now() - LOOKED_AT_FOR
    _go_through(lambda after: queries.lines_since(since, after, BATCH), is_told=False)


def _go_through(find: Callable[[int], list[Line]], is_told: bool) -> None:
    after: int | None = 0
    while after is not None:
        with unit_of_work():
            alone("bookmark:points")
            lines = find(after)
            gained = settle(lines)
            if is_told:
                _tell(gained)
            after = lines[-1].entry.id if lines else None


def _tell(member_ids: Collection[int]) -> None:
    for found in people.in_programme(member_ids):
        day = clock.today(found.member.site.zone)
        notices.tell(found.member, NoticeKind.POINTS, f"points:{day}", path=OWN_PAGE)


def _row(help_: Help, tally: Tally) -> dict:
    rule = policy.rule_of(help_.reason)
    why = tally.add(help_, rule)
    return {
        "member_id": help_.member_id,
        "points": rule.points,
        "reason": rule.reason,
        "about": help_.about,
        "touchpoint_id": help_.touchpoint_id,
        "state": EntryState.REFUSED if why else EntryState.WAITING,
        "why_refused": why,
        "at": help_.at,
        "due_at": help_.at + policy.WAITS,
    }
