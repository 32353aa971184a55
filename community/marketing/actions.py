"""What marketing keeps of a member: where the relationship stands, made of the record alone."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, func, insert, update

from community.core.db import alone, db, insert_into, unit_of_work
from community.core.jobs import every, job
from community.marketing.hourglass import Evidence, Move, phase_of, stage_of
from community.marketing.queries import scoring
from community.profiles.models import PhaseChange, Standing
from community.touchpoints.models import Touchpoint, Verb

Told = Callable[[int], None]


def read(touchpoints: Iterable[Touchpoint]) -> None:
    """Add new rows of the record to what is known, where they may make a profile for offers."""
    rows = [row for row in touchpoints if row.member_id and scoring.LETTER in row.allows]
    if rows:
        _keep(*_folded(rows, scoring.evidence_of({row.member_id or 0 for row in rows})))


def rescore(member_ids: Collection[int]) -> None:
    """Make it anew of what the record holds now: rows of it may have gone, or may serve offers no more."""
    alone("bookmark:phases")  # what comes after it is read on from there
    rows = scoring.allowed_rows(member_ids, scoring.read_until())
    forget(member_ids)
    if rows:
        _keep(*_folded(rows, {row.member_id: Evidence() for row in rows}))


def forget(member_ids: Collection[int] | None = None) -> None:
    """No phase, no figures, no history: of these members, or of all."""
    of_standing, of_changes = update(Standing), delete(PhaseChange)
    if member_ids is not None:
        of_standing = of_standing.where(Standing.member_id.in_(member_ids))
        of_changes = of_changes.where(PhaseChange.member_id.in_(member_ids))
    db.session.execute(of_standing.values(**_columns(Evidence(), None)))
    db.session.execute(of_changes)


def score_all(told: Told = lambda count: None) -> int:
    """Everybody anew, some at a time, each time in a commit of its own; how many members."""
    total = 0
    for member_ids in scoring.chunks_of_members():
        with unit_of_work():
            rescore(member_ids)
        total += len(member_ids)
        told(len(member_ids))
    return total


@every(86_400)
@job
def score() -> None:
    """Once a day: reading that is no longer kept leaves the phases too."""
    score_all()


def member_lost_rows(member_id: int) -> None:
    """Something of a member left the record: what was made of it goes in the same commit."""
    rescore([member_id])


def _folded(rows: Iterable[Any], known: dict[int, Evidence]) -> tuple[dict[int, Evidence], dict[int, list[Move]]]:
    rows = list(rows)
    read = {row.about for row in rows if row.verb == Verb.PAGE_READ and row.about}
    subjects, moves = scoring.subjects_of(read), defaultdict(list)
    for row in rows:
        if move := known[row.member_id].add(row, subjects.get(row.about or "", "")):
            moves[row.member_id].append(move)
    return known, moves


def _keep(known: dict[int, Evidence], moves: dict[int, list[Move]]) -> None:
    last = {member_id: made[-1].at for member_id, made in moves.items()}
    values = [{"member_id": who, **_columns(evidence, last.get(who))} for who, evidence in known.items()]
    statement = insert_into(Standing)
    new = {name: statement.excluded[name] for name in values[0] if name not in ("member_id", "phase_since")}
    since = {"phase_since": func.coalesce(statement.excluded["phase_since"], Standing.phase_since)}
    db.session.execute(statement.on_conflict_do_update(index_elements=["member_id"], set_={**new, **since}), values)
    changes = [{"member_id": who, **vars(move)} for who, made in moves.items() for move in made]
    if changes:
        db.session.execute(insert(PhaseChange), changes)


def _columns(evidence: Evidence, since: datetime | None) -> dict[str, Any]:
    """What other rooms read of it."""
    phase, reasons = phase_of(evidence)
    return {
        "phase": phase,
        "highest_phase": evidence.highest_phase,
        "phase_since": since,
        "phase_reasons": reasons,
        "stage": stage_of(evidence)[0],
        "evidence": evidence.as_json(),
        "contact_count": evidence.contact_count,
        "read_count": evidence.read_count,
        "written_count": evidence.written_count,
        "review_count": evidence.review_count,
        "order_count": len(evidence.kept_orders),
        "spent_cents": evidence.spent_cents,
        "last_contact_at": _moment(evidence.last_contact),
        "last_order_at": _moment(evidence.last_order),
    }


def _moment(seconds: int) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds else None
