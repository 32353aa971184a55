"""What the record says that helped, what the ledger holds, and what of it still stands."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from community.ambassadors.models import EntryState, PointEntry, Referral, ReferralState
from community.ambassadors.policy import COUNTS_FOR, RULES, Help, Reason, Why, rule_of, was_in
from community.ambassadors.queries.people import spells_of
from community.core.db import db
from community.forums.models import Topic
from community.items.models import Item, Post, State, Thank
from community.items.queries import Guard, guarded, visible_to
from community.members.models import Member
from community.moderation.models import Concern
from community.reviews.models import ReviewVote
from community.touchpoints.models import Touchpoint, Verb


@dataclass(frozen=True)
class Line:
    """An entry, and who said that it helped; nobody where that person is gone or was anonymous."""

    entry: PointEntry
    giver_id: int | None


def helps_in(touchpoints: Iterable[Touchpoint]) -> list[Help]:
    """What in these touchpoints helped, and was done by who was an ambassador at that moment."""
    told = [touchpoint for touchpoint in touchpoints if touchpoint.verb in RULES]
    writers = _writers_of({touchpoint.facts["post_id"] for touchpoint in told if "post_id" in touchpoint.facts})
    helps = [found for touchpoint in told if (found := _help(touchpoint, writers))]
    spells = spells_of({found.member_id for found in helps})
    return [found for found in helps if was_in(spells.get(found.member_id, ()), found.at)]


def taken_near(helps: Sequence[Help]) -> list[tuple[Help, str]]:
    """What the ledger holds of the same members about the same things, or of the same months; why it was refused."""
    since = min(help_.at for help_ in helps).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    is_near = or_(PointEntry.about.in_({help_.about for help_ in helps}), PointEntry.at >= since)
    entry = PointEntry
    query = select(
        entry.touchpoint_id,
        entry.at,
        entry.reason,
        entry.member_id,
        entry.about,
        Touchpoint.member_id,
        entry.why_refused,
    )
    query = query.outerjoin(Touchpoint, Touchpoint.id == entry.touchpoint_id)
    query = query.where(entry.member_id.in_({help_.member_id for help_ in helps}), is_near)
    return [
        (Help(number, at, reason, who, about or "", _giver(reason, giver)), why)
        for number, at, reason, who, about, giver, why in db.session.execute(query)
    ]


def due_lines(now: datetime, after: int, limit: int) -> list[Line]:
    """What waited for long enough, and what counted for long enough, by number."""
    waited = and_(PointEntry.state == EntryState.WAITING, PointEntry.due_at <= now)
    counted = and_(PointEntry.state == EntryState.GIVEN, PointEntry.due_at <= now - COUNTS_FOR)
    return _lines(or_(waited, counted), PointEntry.id > after, limit=limit)


def lines_since(moment: datetime, after: int, limit: int) -> list[Line]:
    """What may still change its state, by number."""
    is_open = PointEntry.why_refused.not_in((Why.DAY, Why.PERSON))
    return _lines(PointEntry.at >= moment, is_open, PointEntry.id > after, limit=limit)


def lines_of(touchpoint_ids: Collection[int | None]) -> list[Line]:
    """The lines of these touchpoints that no limit refused."""
    return _lines(PointEntry.touchpoint_id.in_(touchpoint_ids), PointEntry.why_refused == "")


def lines_about(key: str) -> list[Line]:
    """The lines about one thing."""
    return _lines(PointEntry.about == key, PointEntry.why_refused.not_in((Why.DAY, Why.PERSON)))


def standing(lines: Sequence[Line]) -> set[int]:
    """The numbers of those lines whose reason is still there."""
    live, thanks = _live_keys(lines), _thanks(lines)
    accepted, votes, doubtful = _accepted_keys(lines), _helpful_votes(lines), _doubtful_friends(lines)

    def stands(line: Line) -> bool:
        about, giver = line.entry.about or "", line.giver_id
        match line.entry.reason:
            case Reason.FRIEND:
                return about not in doubtful
            case Reason.ACCEPTED:
                return about in live and about in accepted
            case Reason.THANKED:
                return about in live and (giver is None or (about, giver) in thanks)
            case Reason.HELPFUL:
                return about in live and (giver is None or (about, giver) in votes)
        return about in live

    return {line.entry.id for line in lines if stands(line)}


def reported(lines: Sequence[Line]) -> set[str]:
    """The things of these lines that wait for a moderator."""
    keys = {line.entry.about for line in lines if line.entry.about}
    return set(db.session.scalars(select(Concern.about).where(Concern.about.in_(keys), Concern.decided_at.is_(None))))


def balances(member_ids: Collection[int]) -> dict[int, int]:
    """The sum of what was given to each of these members."""
    query = select(PointEntry.member_id, func.sum(PointEntry.points)).where(
        PointEntry.member_id.in_(member_ids), PointEntry.state == EntryState.GIVEN
    )
    sums = {member_id: points or 0 for member_id, points in db.session.execute(query.group_by(PointEntry.member_id))}
    return dict.fromkeys(member_ids, 0) | sums


def points_that_lapse(member_id: int, before: datetime) -> int:
    """How many of a member's points count no more from that moment on."""
    query = select(func.coalesce(func.sum(PointEntry.points), 0)).where(PointEntry.member_id == member_id)
    query = query.where(PointEntry.state == EntryState.GIVEN, PointEntry.due_at <= before - COUNTS_FOR)
    return db.session.scalar(query) or 0


def entry_count(member_id: int) -> int:
    """How many lines a member's ledger has."""
    return db.session.scalar(select(func.count()).where(PointEntry.member_id == member_id)) or 0


def entries_of(member_id: int, offset: int, limit: int) -> list[PointEntry]:
    """A member's ledger, the newest first."""
    query = select(PointEntry).where(PointEntry.member_id == member_id)
    query = query.order_by(PointEntry.at.desc(), PointEntry.id.desc())
    return list(db.session.scalars(query.offset(offset).limit(limit)))


def things_of(entries: Sequence[PointEntry], reader: Member) -> dict[str, Item]:
    """The items that a ledger may name to its reader, by the key of each line; a post's is the one that it is under."""
    keys = [entry.about or "" for entry in entries]
    places = select(Post.id, Post.item_id).where(Post.id.in_(_numbers(keys, "post")))
    item_ids = {key: _number(key) for key in _items_among(keys)}
    item_ids |= {f"post:{post_id}": item_id for post_id, item_id in db.session.execute(places)}
    query = visible_to(select(Item).where(Item.id.in_(item_ids.values())), reader)
    query = guarded(query, Guard() if reader.guarded_since else None)
    items = {item.id: item for item in db.session.scalars(query)}
    return {key: items[number] for key, number in item_ids.items() if number in items}


def _lines(*conditions: ColumnElement[bool], limit: int | None = None) -> list[Line]:
    query = select(PointEntry, Touchpoint.member_id).where(*conditions)
    query = query.outerjoin(Touchpoint, Touchpoint.id == PointEntry.touchpoint_id).order_by(PointEntry.id).limit(limit)
    return [Line(entry, _giver(entry.reason, giver)) for entry, giver in db.session.execute(query)]


def _giver(reason: str, doer_id: int | None) -> int | None:
    """Who said that it helped, where that is somebody else than who has the points."""
    return doer_id if rule_of(reason).is_by_another else None


def _help(touchpoint: Touchpoint, writers: dict[int, int]) -> Help | None:
    """Who is to have points; nobody for what was written by an anonymous parent, or praised by its own writer."""
    rule, facts, giver = RULES[Verb(touchpoint.verb)], touchpoint.facts, touchpoint.member_id
    member_id, about = giver, touchpoint.about
    if "post_id" in facts:
        member_id, about = writers.get(facts["post_id"]), f"post:{facts['post_id']}"
    elif rule.reason is Reason.HELPFUL:
        member_id = facts.get("author_id") if facts.get("is_helpful") else None
    elif rule.reason is Reason.FRIEND:
        about = f"referral:{facts['referral_id']}"
    if member_id is None or about is None or (rule.is_by_another and member_id == giver):
        return None
    return Help(touchpoint.id, touchpoint.at, rule.reason, member_id, about, _giver(rule.reason, giver))


def _writers_of(post_ids: Collection[int]) -> dict[int, int]:
    found = db.session.execute(select(Post.id, Post.author_id).where(Post.id.in_(post_ids)))
    return {post_id: author_id for post_id, author_id in found if author_id}


def _live_keys(lines: Sequence[Line]) -> set[str]:
    """Posts and items of these lines that others can read."""
    keys = [line.entry.about or "" for line in lines]
    posts = select(Post.id).join(Post.item).where(Post.state == State.LIVE, Item.state == State.LIVE)
    found = db.session.scalars(posts.where(Post.id.in_(_numbers(keys, "post"))))
    item_ids = {_number(key) for key in _items_among(keys)}
    items = select(Item.kind, Item.id).where(Item.id.in_(item_ids), Item.state == State.LIVE)
    return {f"post:{post_id}" for post_id in found} | {f"{kind}:{number}" for kind, number in db.session.execute(items)}


def _thanks(lines: Sequence[Line]) -> set[tuple[str, int]]:
    query = select(Thank.post_id, Thank.member_id).where(
        Thank.post_id.in_(_numbers_of(lines, Reason.THANKED, "post")), Thank.member_id.in_(_givers(lines))
    )
    return {(f"post:{post_id}", member_id) for post_id, member_id in db.session.execute(query)}


def _accepted_keys(lines: Sequence[Line]) -> set[str]:
    query = select(Post.id).join(Topic, Topic.id == Post.item_id).where(Topic.accepted_number == Post.number)
    found = db.session.scalars(query.where(Post.id.in_(_numbers_of(lines, Reason.ACCEPTED, "post"))))
    return {f"post:{post_id}" for post_id in found}


def _helpful_votes(lines: Sequence[Line]) -> set[tuple[str, int]]:
    query = select(ReviewVote.review_id, ReviewVote.member_id).where(
        ReviewVote.is_helpful,
        ReviewVote.review_id.in_(_numbers_of(lines, Reason.HELPFUL, "review")),
        ReviewVote.member_id.in_(_givers(lines)),
    )
    return {(f"review:{review_id}", member_id) for review_id, member_id in db.session.execute(query)}


def _doubtful_friends(lines: Sequence[Line]) -> set[str]:
    """Friends who were counted once, and do not count now."""
    query = select(Referral.id).where(Referral.state != ReferralState.COUNTED)
    found = db.session.scalars(query.where(Referral.id.in_(_numbers_of(lines, Reason.FRIEND, "referral"))))
    return {f"referral:{referral_id}" for referral_id in found}


def _items_among(keys: Iterable[str]) -> list[str]:
    return [key for key in keys if not key.startswith(("post:", "referral:"))]


def _numbers_of(lines: Sequence[Line], reason: Reason, kind: str) -> set[int]:
    return _numbers((line.entry.about for line in lines if line.entry.reason == reason), kind)


def _givers(lines: Sequence[Line]) -> set[int]:
    return {line.giver_id for line in lines if line.giver_id is not None}


def _numbers(keys: Iterable[Any], kind: str) -> set[int]:
    return {_number(key) for key in keys if key and key.startswith(f"{kind}:")}


def _number(key: str | None) -> int:
    return int((key or ":0").partition(":")[2])
