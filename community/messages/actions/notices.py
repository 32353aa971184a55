"""The bell: what happened, told once to each who wants to hear of it, and by mail to who did not look."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import delete, update

from community.core import clock
from community.core.db import db, hold, insert_into, unit_of_work
from community.core.jobs import every, job
from community.items.models import Item, Post
from community.items.queries import post_by_id
from community.members.models import Member
from community.members.queries import member_by_id
from community.messages.actions.mails import send_later
from community.messages.models import MailClass, Notice, NoticeKind
from community.messages.policy import channels_of
from community.messages.queries import notices as queries
from community.messages.queries.choices import usual
from community.messages.queries.notices import Bundle, Hearer

BATCH = 500
BEFORE_A_MAIL = timedelta(minutes=10)  # time to see it on the page
BETWEEN_MAILS = timedelta(days=1)  # about one conversation
IN_A_MAIL = 200
KEPT = timedelta(days=180)


@dataclass(frozen=True)
class Event:
    """Something that happened, as its notices keep it. `key` makes each notice of it one."""

    key: str
    item: Item | None = None
    post: Post | None = None
    author_id: int | None = None  # whose doing it was; nobody's where a pseudonym hides it
    author_name: str = ""  # of an anonymous parent
    path: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


def tell(
    member: Member,
    kind: NoticeKind,
    key: str,
    item: Item | None = None,
    post: Post | None = None,
    actor: Member | None = None,
    path: str = "",
    **facts: Any,
) -> None:
    """Tell a member what happened, once for each `key`; in the deed's own commit, or in a job's."""
    event = Event(key, item, post, author_id=actor.id if actor else None, path=path, facts=facts)
    _tell(event, kind, [member.id])


@job
def tell_of_post(post_id: int) -> None:
    """A post became live: tell whom it concerns, so many in one commit; safe to run twice."""
    post = post_by_id(post_id)
    found = queries.concerned_by(post) if post is not None and post.is_live else {}
    by_kind = sorted(found.items(), key=lambda one: (one[1], one[0]))
    for kind, group in groupby(by_kind, key=lambda one: one[1]):
        members = [member_id for member_id, _kind in group]
        for start in range(0, len(members), BATCH):
            with unit_of_work():
                _tell_of(post_id, kind, members[start : start + BATCH])


def seen(member_id: int, item_id: int) -> None:
    """A member saw a conversation: what was told of it is read."""
    _read(member_id, Notice.item_id == item_id)


def read_all(member: Member, up_to: int) -> None:
    """All that a member's bell shows, up to a notice's number, is read."""
    _read(member.id, Notice.is_shown & (Notice.id <= up_to))


def recount(member: Member) -> None:
    """What the bell shows changed in another way: "something changed", a hidden post, a club that was left."""
    db.session.flush()
    hold(member)  # what is told meanwhile is counted after it
    member.notice_count = queries.unread_count(member)


@every(300)
@job
def mail_unread() -> None:
    """Let those be mailed who did not look for some minutes."""
    with unit_of_work():
        for member_id in queries.members_to_mail(clock.now()):
            mail_notices.later(member_id, key=f"member:{member_id}")


@job
def mail_notices(member_id: int) -> None:
    """One mail for each conversation with something unread, at most one a day for each."""
    with unit_of_work():
        member, now = member_by_id(member_id), clock.now()
        waiting = queries.to_mail(member, now, IN_A_MAIL) if member is not None else []
        _mail_no_more(member_id)
        if member is None or not waiting:
            return
        last = queries.last_mailed(member, [notice.item_id for notice in waiting if notice.item_id])
        by_thread = sorted(waiting, key=lambda notice: (notice.item_id or 0, notice.id))
        for item_id, group in groupby(by_thread, key=lambda notice: notice.item_id):
            told = list(group)
            if item_id in last and now - last[item_id] < BETWEEN_MAILS:
                _set_mail_at(told, last[item_id] + BETWEEN_MAILS)
            else:
                _mail(member, told)


@every(86_400)
@job
def forget_old() -> None:
    """Notices that were read are kept for half a year."""
    with unit_of_work():
        db.session.execute(delete(Notice).where(Notice.at < clock.now() - KEPT, Notice.read_at.is_not(None)))


def bundled(notices: Sequence[Notice], is_guarded: bool) -> list[Bundle]:
    """Notices of one conversation in lines by kind, as the bell shows them."""
    lines = []
    by_kind = sorted(notices, key=lambda notice: (notice.kind, notice.id))
    for _kind, group in groupby(by_kind, key=lambda notice: notice.kind):
        told = list(group)
        people = {notice.actor_id or notice.actor_name for notice in told}
        lines.append(Bundle(told[-1], told[0], len(people), is_unread=True, is_guarded=is_guarded))
    return sorted(lines, key=lambda line: -line.newest.id)


def _mail(member: Member, notices: list[Notice]) -> None:
    lines = bundled(notices, bool(member.guarded_since))
    ends = "+".join(sorted({notice.kind for notice in notices}))
    mail = send_later(member, "notices", MailClass.COMMUNITY, ends=ends, lines=lines)
    if mail is not None:
        for notice in notices:
            notice.mailed_at = clock.now()


def _set_mail_at(notices: list[Notice], moment: Any) -> None:
    for notice in notices:
        notice.mail_at = moment


def _mail_no_more(member_id: int) -> None:
    """What a mail may tell of now is decided now: it does not wait any longer."""
    waits = update(Notice).where(Notice.member_id == member_id, Notice.mail_at <= clock.now())
    db.session.execute(waits.values(mail_at=None))


def _tell_of(post_id: int, kind: NoticeKind, member_ids: list[int]) -> None:
    post = post_by_id(post_id)
    if post is not None and post.is_live:
        name = post.author_name if post.author_id is None else ""
        _tell(Event(post.key, post.item, post, post.author_id, name), kind, member_ids)


def _tell(event: Event, kind: NoticeKind, member_ids: Sequence[int]) -> None:
    """Whoever has a notice with this key already is not told again, whichever of two workers came first."""
    hearers = queries.hearers(member_ids, kind, event.item, event.author_id)
    rows = [row for hearer in hearers if (row := _row(event, kind, hearer))]
    if not rows:
        return
    statement = (
        insert_into(Notice).on_conflict_do_nothing(index_elements=["member_id", "key"]).returning(Notice.member_id)
    )
    told = set(db.session.scalars(statement, rows))
    counted = [row["member_id"] for row in rows if row["is_shown"] and row["member_id"] in told]
    more = update(Member).where(Member.id.in_(counted)).values(notice_count=Member.notice_count + 1)
    db.session.execute(more)


def _row(event: Event, kind: NoticeKind, hearer: Hearer) -> dict[str, Any] | None:
    """The notice for one hearer; None where neither the bell nor a mail is to tell of it."""
    is_of_club = bool(event.item and event.item.group_id)
    by_bell, by_mail = channels_of(hearer.choices or usual(), kind, is_of_club)
    by_mail = by_mail and hearer.has_agreed_to_mail
    if not by_bell and not by_mail:
        return None
    return {
        "member_id": hearer.member_id,
        "key": event.key,
        "kind": kind,
        "item_id": event.item.id if event.item else None,
        "post_id": event.post.id if event.post else None,
        "actor_id": event.author_id,
        "actor_name": event.author_name,
        "path": event.path,
        "facts": event.facts,
        "at": clock.now(),
        "is_shown": by_bell,
        "mail_at": clock.now() + BEFORE_A_MAIL if by_mail else None,
    }


def _read(member_id: int, which: Any) -> None:
    unread = update(Notice).where(Notice.member_id == member_id, Notice.read_at.is_(None), which)
    was_unread = db.session.scalars(unread.values(read_at=clock.now()).returning(Notice.id)).all()
    member = member_by_id(member_id) if was_unread else None
    if member is not None:
        recount(member)
