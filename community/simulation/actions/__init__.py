"""One simulation from beginning to end, each step in commits of its own."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from operator import attrgetter
from random import Random
from typing import Any

from sqlalchemy import insert, update

from community.core import clock, generation
from community.core.db import db, unit_of_work
from community.groups.models import Group
from community.items.models import Collection, Item
from community.items.queries import counts_of_collection, counts_of_item
from community.members.models import Member
from community.profiles.models import Standing
from community.reviews.actions.reviews import link_purchases
from community.search import actions as search
from community.simulation import queries, texts
from community.simulation.actions import ambassadors, articles, cases, chat, people, places, reviews, shop
from community.simulation.actions.blogs import Blogs
from community.simulation.actions.reading import STRETCH, Reading
from community.simulation.actions.store import BATCH, Store, Told
from community.simulation.actions.talk import Talk, begin_topics, comment_on, lengths
from community.simulation.texts import Pool
from community.simulation.world import DAY, SPAN, Crowd, Person, Town, at
from community.sites.models import SITES, Site
from community.touchpoints.actions import PROJECTIONS, read_on
from community.touchpoints.queries import touchpoint_count

SHARES = {"nl": 0.6, "en": 0.4}
COMMENTS, LINES, LONG_TAIL = 0.1, 0.05, 1.3  # of posts: under articles and stories; beside them in the chat
MOST_TEXTS = 1_500  # different ones of a language
Progress = Callable[[str, int, int], None]  # (step, how much is done, of how much)


@dataclass(frozen=True)
class Size:
    """How much of everything."""

    members: int
    articles: int
    topics: int
    posts: int
    touchpoints: int

    def part(self, share: float) -> "Size":
        """A share of it."""
        return Size(**{name: round(count * share) for name, count in asdict(self).items()})


@dataclass(frozen=True)
class Scene:
    """A site while it is simulated: the town, those who write there, and their texts."""

    town: Town
    crowd: Crowd
    pool: Pool


def simulate(size: Size, seed: int, told: Progress) -> dict[str, int]:
    """Make a community of this size; what came of it. All that is done goes into the record, so a smaller
    record than that is not made."""
    chance, store, before = Random(seed), Store(), queries.standing()
    until = int(clock.now().timestamp()) // DAY * DAY  # this midnight: a seed gives the same all day
    store.take_room()
    with _without_collector():
        scenes = []
        for number, (code, share) in enumerate(SHARES.items(), 1):
            scenes.append(_begin(store, chance, SITES[code], share, size.part(share), until))
            told("members, articles, topics", number, len(SHARES))
        _talk(store, chance, scenes, until, told)
        _chat(store, chance, scenes, round(size.posts * LINES), until, told)
        _record(store, chance, scenes, size.touchpoints, until, told)
        _count([scene.town for scene in scenes])
        store.hand_over()
        link_purchases()
        _project(told)
    return {name: count - before[name] for name, count in queries.standing().items()}


@contextmanager
def _without_collector() -> Iterator[None]:
    """Millions of rows pass, and hardly one of them in a cycle: looking for those took half of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _begin(store: Store, chance: Random, site: Site, share: float, size: Size, until: int) -> Scene:
    """Who is there, what they can read, and what they talk about."""
    town = Town(site, share)
    places.build(town)
    people.settle(store, chance, town, size.members, until)
    people.visit(chance, town, size.members // 2, until)
    crowd = Crowd(town.people)
    pool = texts.pool(chance, site.language, min(MOST_TEXTS, max(60, size.posts // 20)))
    articles.publish(store, chance, town, pool, size.articles, until)
    shop.open_shop(store, chance, town, until)
    reviews.review(store, chance, town, until)
    Blogs(store, chance, town, crowd, pool, until).fill()
    cases.ask(store, chance, town, until)
    ambassadors.take_part(store, chance, town, until)
    comments = round(size.posts * COMMENTS) if town.articles or town.stories else 0
    begin_topics(store, chance, town, crowd, lengths(chance, size.topics, size.posts - comments, LONG_TAIL), until)
    comment_on(chance, [*town.articles, *town.stories], comments, until)
    return Scene(town, crowd, pool)


def _talk(store: Store, chance: Random, scenes: list[Scene], until: int, told: Progress) -> None:
    """Every post of every thread, in the order of time."""
    talks = [Talk(store, chance, scene.town, scene.crowd, scene.pool, until) for scene in scenes]
    threads = [(talk, thread) for talk in talks for thread in talk.town.threads]
    moments = sorted((when, number) for number, (_talk, thread) in enumerate(threads) for when in thread.times)
    for done, (when, number) in enumerate(moments, 1):
        talk, thread = threads[number]
        talk.write(thread, when)
        if done % BATCH == 0 or done == len(moments):
            told("posts", done, len(moments))
    store.settle()


def _chat(store: Store, chance: Random, scenes: list[Scene], lines: int, until: int, told: Progress) -> None:
    """What was said live of late."""
    for number, scene in enumerate(scenes, 1):
        chat.sit_together(store, chance, scene.town, scene.crowd, scene.pool, round(lines * scene.town.share), until)
        told("chat", number, len(scenes))


def _record(store: Store, chance: Random, scenes: list[Scene], touchpoints: int, until: int, told: Progress) -> None:
    """What was done and what was read, together in the order of time."""
    deeds = sorted(store.deeds, key=attrgetter("at"))
    reading = Reading(store, chance, [scene.town for scene in scenes], [scene.crowd for scene in scenes], until)
    done, end, total = 0, until - SPAN, max(touchpoints, len(deeds))
    for reads in reading.stretches(max(0, touchpoints - len(deeds))):
        end += STRETCH
        of_this_time = _until(deeds, end)
        store.record(sorted([*of_this_time, *reads], key=attrgetter("at")))
        done += len(of_this_time) + len(reads)
        told("touchpoints", done, total)
    store.settle()
    reading.keep_positions()
    store.deeds.clear()


def _until(deeds: list[Told], end: int) -> list[Told]:
    """Take the deeds before a moment."""
    count = next((number for number, deed in enumerate(deeds) if deed.at >= end), len(deeds))
    taken = deeds[:count]
    del deeds[:count]
    return taken


def _count(towns: list[Town]) -> None:
    """What rows keep of other rows: visits and clubs of members, posts of items, talk of boards."""
    for town in towns:
        with unit_of_work():
            db.session.execute(update(Member), [_visits(person) for person in town.people])
            if standings := [_standing(person) for person in town.people if person.standing]:
                db.session.execute(insert(Standing), standings)
    with unit_of_work():
        unsynchronised = {"synchronize_session": False}
        for model, counts in (
            (Item, counts_of_item() | {"last_post_number": queries.last_post_number()}),
            (Collection, counts_of_collection()),
            (Group, {"member_count": queries.members_in_club()}),
        ):
            db.session.execute(update(model).values(**counts), execution_options=unsynchronised)
        for town in towns:
            generation.changed(town.site.code)
        search.note([search.ALL])


def _visits(person: Person) -> dict[str, Any]:
    return {
        "id": person.id,
        "last_seen_at": at(person.seen),
        "visited_before_at": at(person.seen_before) if person.seen_before else None,
        "visit_days": person.visit_days,
        "notice_count": person.unread,
        "group_ids": [person.club.group_id] if person.club else [],
    }


def _standing(person: Person) -> dict[str, Any]:
    return {"member_id": person.id, "tier": "", "friend_count": 0, "complaint_count": 0} | person.standing


def _project(told: Progress) -> None:
    """Let every projection read all of the record that it has not read."""
    total = touchpoint_count()
    for name in PROJECTIONS:
        done = 0
        while count := read_on(name, BATCH):
            done += count
            db.session.expunge_all()
            told(name, min(done, total), total)
