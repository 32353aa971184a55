"""`python -m tests.bench.lists [ITEMS [READS]]`: what a list of ten costs in each slot, for members of many kinds.

The data folder (`BENCH_DATA`, default `build/bench-lists-ITEMS`) is filled at the first start: a simulated community of
so many items on one site, and so many reads of its members, most of them near the reader's stage. Told are the
milliseconds that one thread computed for a list that is asked for the first time and for the same asked again, and how
many statements that took; beside it what is read most, for everybody alike."""

import os
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import func, select

from community.app import create_app
from community.core import clock
from community.core.db import db
from community.items.models import Item, State
from community.members.models import Member
from community.operations.serving import settle
from community.personalisation.models import Popularity
from community.personalisation.queries.logs import read_count
from community.personalisation.queries.slots import offer_for
from community.personalisation.slots import BESIDE, Place, Rules, Slot
from community.profiles.queries import family_of
from community.sites.models import SITES
from tests.bench.__main__ import fill, say
from tests.bench.points import counted
from tests.bench.reads import add_reads
from tests.running import ROOT, Running

SITE, SHARE = SITES["nl"], 0.6  # of all that is simulated
MEMBERS, ARTICLES = 20_000, 0.3  # of items; all others are conversations
HOW_MANY, WARM = 300, 20  # members who ask; the first of them fill what is kept for all
TEN = Rules(10)
LINE = "{:<14}{:>9}{:>9}{:>9}{:>10}{:>12}\n"
Asking = Callable[[Member], Any]


def main() -> None:
    """Fill, measure, tell."""
    items, reads = (int(word) for word in (*sys.argv[1:], *("10000", "1000000")[len(sys.argv) - 1 :]))
    folder = Path(os.environ.get("BENCH_DATA") or ROOT / "build" / f"bench-lists-{items}").resolve()
    articles, topics = round(items * ARTICLES / SHARE), round(items * (1 - ARTICLES) / SHARE)
    sizes = {"members": MEMBERS, "articles": articles, "topics": topics, "posts": 2 * topics, "touchpoints": 0}
    fill(Running(folder), folder, sizes)
    app = create_app(DATA_DIR=str(folder), LIMITS="off", LOG_LEVEL="ERROR")
    with app.app_context():
        if read_count() < reads:
            say("adding the reads\n")
            add_reads(SITE, reads)
    with counted(app) as sent, app.test_request_context(SITE.path):
        measure(sent)


def measure(sent: list[str]) -> None:
    """A line for each kind of list."""
    items = select(func.count()).select_from(Item).where(Item.site == SITE, Item.state == State.LIVE)
    say(f"{db.session.scalar(items)} items, {read_count()} reads\n")
    say(LINE.format("a list of ten", "p50 ms", "p95 ms", "p99 ms", "again p95", "statements"))
    members = some_members()
    settle()
    for slot in (Slot.HOME, Slot.MAIL):
        tell(slot, partial(listed, Place(slot, SITE), TEN), members, sent)
    chance, much_read = Random(7), most_read()
    for slot in BESIDE:
        places = {member.id: Place(slot, SITE, chance.choice(much_read)) for member in members}
        tell(slot, lambda member, places=places: listed(places[member.id], TEN, member), members, sent)  # type: ignore[misc]
    tell("what is popular", partial(listed, Place(Slot.HOME, SITE), Rules(10, is_plain=True)), members, sent)


def listed(place: Place, rules: Rules, member: Member) -> Any:
    """One list, as a page asks for it."""
    today = clock.today(SITE.zone)
    return offer_for(member, place, family_of(member, today), today, rules=rules).recommended


def tell(name: str, ask: Asking, members: list[Member], sent: list[str]) -> None:
    """A line of the table."""
    for member in members[:WARM]:
        ask(member)
    first, again, statements = list[float](), list[float](), set[int]()
    for member in members[WARM:]:
        sent.clear()
        first.append(cost_of(ask, member))
        statements.add(len(sent))
        again.append(cost_of(ask, member))
    figures = (f"{of_all(share):.1f}" for share in (0.5, 0.95, 0.99) for of_all in (partial(within, sorted(first)),))
    few, many = min(statements), max(statements)
    say(LINE.format(name, *figures, f"{within(sorted(again), 0.95):.1f}", f"{few} to {many}"))


def cost_of(ask: Asking, member: Member) -> float:
    """Milliseconds of this thread."""
    began = time.thread_time()
    ask(member)
    return 1000 * (time.thread_time() - began)


def within(spent: list[float], share: float) -> float:
    """What this share of all cost at most."""
    return spent[int(share * len(spent))]


def some_members() -> list[Member]:
    """Of all kinds, by chance: with and without children and clubs, with many reads and with none."""
    numbers = db.session.scalars(select(Member.id).where(Member.site == SITE).order_by(Member.id)).all()
    chosen = Random(7).sample(numbers, HOW_MANY)
    return list(db.session.scalars(select(Member).where(Member.id.in_(chosen)).order_by(Member.email)))


def most_read() -> list[Item]:
    """The items that are read most, of which members come to a list beside one."""
    query = select(Item).join(Popularity, Popularity.item_id == Item.id).where(Item.site == SITE)
    return list(db.session.scalars(query.order_by(Popularity.score.desc()).limit(HOW_MANY)))


if __name__ == "__main__":
    main()
