"""Evenings in the chat: sittings of a few people in the room of a site and in those of its clubs."""

from random import Random
from typing import NamedTuple

from community.chat.actions import open_rooms
from community.chat.models import Line, RoomEvent, RoomVisit
from community.chat.policy import KEPT
from community.core.db import unit_of_work
from community.items.models import State
from community.simulation import queries
from community.simulation.actions.store import BATCH, Store
from community.simulation.texts import Pool, Text
from community.simulation.world import DAY, HOUR, Crowd, Person, Place, Town, at, moment
from community.touchpoints.models import Verb

IN_CLUBS = 0.4
FEWEST, MOST = 8, 40  # lines of a sitting


class Word(NamedTuple):
    """A line before it has its number."""

    at: int
    room_id: int
    person: Person
    text: Text


def sit_together(store: Store, chance: Random, town: Town, crowd: Crowd, pool: Pool, lines: int, until: int) -> None:
    """So many lines of the time for which they are kept, and how far each who was there has read."""
    rooms = _rooms(town)
    clubs = [place for place in town.clubs.values() if len(place.people) > 1]
    words: list[Word] = []
    for _sitting in range(2 * lines // (FEWEST + MOST)):
        club = chance.choices(clubs, [len(place.people) for place in clubs])[0] if _is_in_club(chance, clubs) else None
        begins = moment(chance, until - int(KEPT.total_seconds()) + DAY, until - 2 * HOUR)
        people = _company(chance, crowd, club, begins)
        if people:
            words += _sitting_of(chance, rooms[club.group_id if club else None], people, pool, begins)
    _say(store, town, sorted(words, key=lambda word: word.at))


def _rooms(town: Town) -> dict[int | None, int]:
    """The rooms of a site, all open, by club."""
    with unit_of_work():
        open_rooms(town.site, [club for club, _board in queries.clubs(town.site)])
    return queries.rooms(town.site)


def _is_in_club(chance: Random, clubs: list[Place]) -> bool:
    return bool(clubs) and chance.random() < IN_CLUBS


def _company(chance: Random, crowd: Crowd, club: Place | None, when: int) -> list[Person]:
    """Who sits together, in the order in which they are found."""
    found = (
        chance.choice(club.people) if club else crowd.somebody(chance, when) for _one in range(chance.randint(2, 7))
    )
    here = [one for one in found if one and one.joined + (20 * DAY if club else 0) < when]
    return list(dict.fromkeys(here))


def _sitting_of(chance: Random, room_id: int, people: list[Person], pool: Pool, begins: int) -> list[Word]:
    when, words = begins, []
    for _line in range(chance.randint(FEWEST, MOST)):
        when += chance.randint(10, 150)
        words.append(Word(when, room_id, chance.choice(people), chance.choice(pool.lines)))
    return words


def _say(store: Store, town: Town, words: list[Word]) -> None:
    """Each line with its event and its place in the record, in the order of time."""
    read: dict[tuple[int, Person], tuple[int, int]] = {}
    for word in words:
        number, person = store.number(Line), word.person
        said = {"body": word.text.body, "body_html": word.text.html, "state": State.LIVE}
        store.add(Line, id=number, room_id=word.room_id, author_id=person.id, at=at(word.at), **said)
        store.add(RoomEvent, room_id=word.room_id, line_id=number, at=at(word.at))
        store.tell(word.at, town.site, person, Verb.CHAT_WRITTEN, f"room:{word.room_id}", line_id=number)
        person.was_here(word.at)
        read[word.room_id, person] = number, word.at
        store.settle(BATCH)
    for (room_id, person), (number, when) in read.items():
        store.add(RoomVisit, room_id=room_id, member_id=person.id, read_line_id=number, seen_at=at(when))
    store.settle()
