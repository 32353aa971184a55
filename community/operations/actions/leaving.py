"""The person goes, at once and everywhere; and what is kept for a stated time goes when it is over."""

from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, update

from community.chat import actions as chat
from community.core import audit, clock, generation
from community.core.db import db, forget_deeds, shorten_log, unit_of_work
from community.core.jobs import every, forget_words, job
from community.core.refused import Refused
from community.groups import actions as groups
from community.items import actions as items
from community.items import queries as item_queries
from community.media import actions as media
from community.members import actions as members
from community.members import queries as member_queries
from community.members.models import Member
from community.messages.actions import mails, suppression
from community.operations import erasures
from community.operations.personal import PERSONAL, Erased, Held
from community.operations.queries import personal as queries
from community.personalisation import actions as personalisation
from community.reviews.actions import reviews
from community.search import actions as search
from community.sites.queries import open_sites
from community.touchpoints import actions as touchpoints

READING_KEPT = timedelta(days=396)  # 13 months
UNCONFIRMED_KEPT = timedelta(days=30)
DEEDS_KEPT = timedelta(days=30)


def erase(member: Member, with_posts: bool) -> dict[str, int]:
    """Erase a person; posts stay without a name, or go too. How many rows of each table that was about."""
    if member_queries.is_last_admin(member):
        raise Refused(_("You are the only administrator. Give somebody else that role first."))
    receipt = queries.counts_about(member.id)
    _erase_words(member, with_posts)
    _erase_in_rooms(member)
    for held in PERSONAL:
        if held.erased is not Erased.PLACE:
            _erase_rows(held, member.id)
    audit.keep("member.erased", member.key, None, posts="gone" if with_posts else "kept", rows=sum(receipt.values()))
    members.erase_identity(member)
    for site in open_sites():
        generation.changed(site.code)
    db.session.flush()
    erasures.remember(member.id, member.joined_at, clock.now(), with_posts)
    leave_no_bytes.later(key="all")
    return receipt


def erase_again() -> int:
    """Erase whoever was erased before and stands in the database still, as in a backup that was restored."""
    erased_ids = {erasure.member_id: erasure for erasure in erasures.remembered()}
    found = [
        (member.id, erased_ids[member.id].with_posts)
        for member in member_queries.not_erased_of(erased_ids)
        if erased_ids[member.id].means(member.id, member.joined_at)
    ]
    for member_id, with_posts in found:
        with unit_of_work():
            erase(db.session.get_one(Member, member_id), with_posts)
    return len(found)


@every(86_400)
@job
def forget_what_is_old() -> None:
    """What the privacy page says that we keep no longer goes."""
    with unit_of_work():
        touchpoints.forget_reading_before(clock.now() - READING_KEPT)
        personalisation.forget_before(clock.now() - READING_KEPT)
        forget_deeds(before=clock.now() - DEEDS_KEPT)
        members.drop_expired()
        for member in member_queries.never_confirmed(clock.now() - UNCONFIRMED_KEPT):
            erase(member, with_posts=False)


@every(86_400)
@job
def leave_no_bytes() -> None:
    """What was erased goes from the database's own log too, as soon as nobody reads in it."""
    if not shorten_log():
        raise RuntimeError("somebody still reads in the database's log")


def _erase_words(member: Member, with_posts: bool) -> None:
    """Where the name, or what was written, stands outside of the member's own rows."""
    written = item_queries.all_written_by(member.id)
    own_items = item_queries.items_written_by(member.id)
    paths = {thing.path for thing in (*written, *own_items)} | {member.path}
    if with_posts:
        paths |= {post.item.path for post in written if post.item.opens_with_post and post.number == 1}
        items.erase_posts(member.id)
        items.erase_items(member.id)
    if member.username:
        items.erase_mentions(member.username)
    chat.erase(member, with_posts)
    mails.forget_words([name for name in (member.name, member.username and f"@{member.username}") if name], paths)
    forget_words([word for word in (member.email, member.new_email) if word])
    forget_deeds(paths=paths)
    audit.forget_whys([member.key, *(thing.key for thing in (*written, *own_items))])


def _erase_in_rooms(member: Member) -> None:
    """What is more than rows: files, and counts on rows of others."""
    media.remove_pictures_of(member.id)
    groups.erase(member.id)
    items.take_back_thanks(member.id)
    reviews.erase(member.id)
    suppression.erase(member)
    personalisation.erase(member.id)
    search.forget(member)


def _erase_rows(held: Held, member_id: int) -> None:
    table, is_about = queries.table_of(held), queries.is_about(held, member_id)
    if held.erased is Erased.GONE:
        db.session.execute(delete(table).where(is_about))
        return
    emptied: dict[str, Any] = {name: queries.nothing_in(table.c[name]) for name in held.words}
    if table.c[held.key].foreign_keys and not held.through:
        emptied[held.key] = None
    if emptied:
        db.session.execute(update(table).where(is_about).values(emptied))
