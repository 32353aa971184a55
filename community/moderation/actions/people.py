"""What a moderator does to a person, and how it ends. Each deed gives the facts that undo it (`put_back`)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from community.core import clock, generation
from community.core.db import db, unit_of_work
from community.core.jobs import every, job
from community.items.models import State
from community.members import actions as members
from community.members.models import Member, MemberState
from community.moderation.actions.states import set_state
from community.moderation.models import Note
from community.moderation.queries import people as queries
from community.moderation.queries.things import hidden_said, live_said_by
from community.sites.models import Site
from community.sites.queries import open_sites

Facts = dict[str, Any]


def mute(person: Member, days: int) -> Facts:
    """So many days of reading without writing; it ends by itself."""
    before = _as_it_is(person)
    person.muted_until = clock.now() + timedelta(days=days)
    return before


def suspend(person: Member, days: int | None) -> Facts:
    """Nobody comes in with this account for so many days, or (None) until somebody lifts it."""
    before = _as_it_is(person)
    person.state = MemberState.SUSPENDED
    person.suspended_until = clock.now() + timedelta(days=days) if days else None
    members.end_sessions(person)
    members.drop_tokens(person)
    _pages_look_different()
    return before


def lift(person: Member) -> Facts:
    """A mute and a suspension end now, and what was hidden with the last of them comes back."""
    before = _as_it_is(person)
    person.muted_until = None
    if person.state == MemberState.SUSPENDED:
        members.reopen(person)
        _pages_look_different()
    put_back(person, queries.hidden_with(person))
    return before


def hide_earlier(person: Member, sites: Sequence[Site]) -> Facts:
    """Take away all that stands under a person's name on these sites, in one step that one step undoes.

    What was written as an anonymous parent is decided one by one: nothing may join it to the name."""
    posts, written = queries.live_posts_of(person, sites), queries.live_items_of(person, sites)
    said = live_said_by(person, sites)
    for words in (*posts, *written, *said):
        set_state(words, State.HIDDEN)
    return {
        "hidden": [post.id for post in posts],
        "hidden_items": [item.id for item in written],
        "hidden_said": [one.key for one in said],
    }


def put_back(person: Member, facts: Facts) -> None:
    """Let a person, and what was hidden with a decision, be as they were before it."""
    if "state" in facts and not person.is_erased:
        person.state = facts["state"]
        person.muted_until, person.suspended_until = (
            _moment(facts["muted_until"]),
            _moment(facts["suspended_until"]),
        )
        _pages_look_different()
    posts, written = facts.get("hidden", []), facts.get("hidden_items", [])
    said = hidden_said(facts.get("hidden_said", []))
    for words in (*queries.hidden_posts(posts), *queries.hidden_items(written), *said):
        set_state(words, State.LIVE)


def keep_note(person: Member, moderator: Member, words: str) -> Note:
    """Tell the other moderators something about a member."""
    note = Note(person_id=person.id, moderator_id=moderator.id, words=words, at=clock.now())
    db.session.add(note)
    return note


@every(600)
@job
def let_in_again() -> None:
    """Suspensions whose days are over end."""
    with unit_of_work():
        for person in queries.suspended_before(clock.now()):
            members.reopen(person)
            _pages_look_different()


def _as_it_is(person: Member) -> Facts:
    moments = {name: getattr(person, name) for name in ("muted_until", "suspended_until")}
    return {"state": person.state, **{name: moment and moment.isoformat() for name, moment in moments.items()}}


def _moment(told: str | None) -> datetime | None:
    return datetime.fromisoformat(told) if told else None


def _pages_look_different() -> None:
    """Names lead to profiles, on pages of every site."""
    for site in open_sites():
        generation.changed(site.code)
