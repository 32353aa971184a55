"""The bell: what happened, told once to each who wants to hear of it."""

from typing import Any

from community.core import clock
from community.core.db import db, unit_of_work
from community.core.jobs import job
from community.items.models import Item, Post
from community.items.queries import post_by_id
from community.members.models import Member
from community.messages.models import Notice, NoticeKind
from community.messages.queries import notices as queries


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
    if queries.notice(member.id, key) is not None:
        return
    db.session.add(
        Notice(
            member_id=member.id,
            key=key,
            kind=kind,
            item_id=item.id if item else None,
            post_id=post.id if post else None,
            actor_id=actor.id if actor else None,
            actor_name=post.author_name if post is not None and actor is None else "",
            path=path,
            facts=facts,
            at=clock.now(),
        )
    )
    db.session.flush()
    member.notice_count = queries.unread_count(member.id)


@job
def tell_of_post(post_id: int) -> None:
    """A post became live: tell whom it concerns."""
    with unit_of_work():
        post = post_by_id(post_id)
        if post is None or not post.is_live:
            return
        for follower in queries.followers_of(post):
            if follower.id != post.writer_id:
                key = f"{NoticeKind.ANSWER}:{post.key}"
                tell(follower, NoticeKind.ANSWER, key, item=post.item, post=post, actor=post.author)
