"""Reading: sessions that follow a reader's stage, subjects and club, one stretch of time after the other."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from random import Random

from community.items.models import ReadPosition
from community.simulation.actions.store import Store, Told
from community.simulation.world import DAY, SPAN, Crowd, Person, Thread, Town, at, hour
from community.touchpoints.models import Verb

STRETCH = 14 * DAY
BY_VISITORS, PAGES_A_SESSION, TELLS_LENGTH = 0.2, 0.35, 0.95
ARTICLES, STORIES, OF_OWN_CLUB = 0.43, 0.04, 0.15
BLOGS = 0  # where stories are; no board has this number
STEP = 28  # days of stage that share a shelf


class Shelves:
    """What there is to read on a site, by stage, subject and place; what stands first is read most."""

    def __init__(self, chance: Random, town: Town) -> None:
        self.by_stage: defaultdict[int | None, list[Thread]] = defaultdict(list)
        self.by_theme: defaultdict[int | None, list[Thread]] = defaultdict(list)
        self.by_place: defaultdict[int, list[Thread]] = defaultdict(list)
        for thread in chance.sample(town.articles, len(town.articles)):
            self.by_theme[thread.theme_id].append(thread)
            for shelf in _shelves_of(thread):
                self.by_stage[shelf].append(thread)
        for thread in town.topics:
            assert thread.place is not None
            self.by_place[thread.place.id].append(thread)
        self.by_place[BLOGS] = town.stories
        self.begun = {place: [thread.begun for thread in threads] for place, threads in self.by_place.items()}
        self.boards = [place for place in town.places if self.by_place[place.id]]

    def pick(self, chance: Random, reader: Person, when: int) -> Thread | None:
        """Something for this reader at this moment."""
        drawn = chance.random()
        if drawn < ARTICLES or not self.boards:
            return self._article(chance, reader, when)
        if drawn < ARTICLES + STORIES:
            return self._recent(chance, BLOGS, when)
        if drawn < ARTICLES + STORIES + OF_OWN_CLUB and reader.club is not None:
            return self._recent(chance, reader.club.id, when)
        for _try in range(4):
            board = self.boards[min(len(self.boards) - 1, int(chance.expovariate(0.4)))]
            if board.fits(reader, when):
                break
        return self._recent(chance, board.id, when)

    def _article(self, chance: Random, reader: Person, when: int) -> Thread | None:
        stage = reader.stage(when)
        threads = self.by_stage[None if stage is None or chance.random() < 0.1 else stage // STEP]
        if reader.interests and chance.random() < 0.3:
            threads = self.by_theme[chance.choice(reader.interests)]
        for _try in range(4 if threads else 0):
            found = threads[int(len(threads) * chance.random() ** 3)]
            if found.begun <= when:
                return found
        return None

    def _recent(self, chance: Random, place_id: int, when: int) -> Thread | None:
        """The newest are read most; some old ones are found again."""
        known = bisect_right(self.begun.get(place_id, []), when)
        if not known:
            return None
        back = int(chance.expovariate(1 / 25)) if chance.random() < 0.8 else int(known * chance.random() ** 2)
        return self.by_place[place_id][max(0, known - 1 - back)]


class Reading:
    """All that is read, and how far members came in each thread."""

    def __init__(self, store: Store, chance: Random, towns: list[Town], crowds: list[Crowd], until: int) -> None:
        self.store, self.chance, self.towns, self.crowds, self.until = store, chance, towns, crowds, until
        self.guests = [Crowd(town.visitors) for town in towns]
        self.shelves = [Shelves(chance, town) for town in towns]
        self.positions: dict[tuple[int, int], tuple[int, int]] = {}

    def stretches(self, touchpoints: int) -> Iterator[list[Told]]:
        """So many touchpoints of reading in all, a stretch of time each; later ones see more."""
        starts = range(self.until - SPAN, self.until, STRETCH)
        left, weight = touchpoints, sum(range(2, len(starts) + 2))
        for number, start in enumerate(starts, 2):
            wanted = left if number == len(starts) + 1 else min(left, touchpoints * number // weight)
            made: list[Told] = []
            tries = 0
            while len(made) < wanted and tries < 20 * wanted:
                tries += 1
                made += self._session(start, min(self.until, start + STRETCH) - 1)
            left -= min(wanted, len(made))
            yield made[:wanted]

    def keep_positions(self) -> None:
        """How far each member read in each thread."""
        for (member_id, item_id), (number, when) in self.positions.items():
            self.store.add(ReadPosition, member_id=member_id, item_id=item_id, number=number, at=at(when))
            self.store.settle(20_000)
        self.store.settle()

    def _session(self, first: int, last: int) -> list[Told]:
        chance = self.chance
        place = chance.choices(range(len(self.towns)), [town.share for town in self.towns])[0]
        day = chance.randrange(first, last + 1)
        when = min(max(first, day - day % DAY + hour(chance)), last)
        crowd = self.guests[place] if chance.random() < BY_VISITORS else self.crowds[place]
        reader = crowd.somebody(chance, when)
        if reader is None:
            return []
        if reader.id is not None:
            reader.was_here(when)
        told: list[Told] = []
        while when < last:
            thread = self.shelves[place].pick(chance, reader, when)
            if thread is not None:
                when += self._read(told, place, reader, thread, when, last)
            if chance.random() < PAGES_A_SESSION:
                break
        return told

    def _read(self, told: list[Told], place: int, reader: Person, thread: Thread, when: int, last: int) -> int:
        """Read one page, and tell of it where the reader agreed; how long it took."""
        chance, site = self.chance, self.towns[place].site
        seconds = 5 + min(900, int(chance.lognormvariate(4, 1)))
        if thread.kind == "topic" and reader.id is not None:
            known = self.positions.get((reader.id, thread.id), (1, when))
            self.positions[reader.id, thread.id] = max(known, (thread.posts_by(when), when))
        if "p" in reader.allows or "a" in reader.allows:
            told.append(Told(when, Verb.PAGE_READ, site, reader, thread.key, {}))
            if chance.random() < TELLS_LENGTH:
                facts = {"seconds": seconds, "share": round(min(1.0, seconds / 180), 2)}
                told.append(Told(min(last, when + seconds), Verb.PAGE_LEFT, site, reader, thread.key, facts))
        return seconds


def _shelves_of(thread: Thread) -> list[int | None]:
    """The shelves of an article; what is for all stands on each."""
    if thread.stage_from is None or thread.stage_to is None:
        return [None, *range(-280 // STEP, 1_000 // STEP)]
    return list(range(thread.stage_from // STEP, thread.stage_to // STEP + 1))
