"""Topics and comments: threads of log-normal lengths, told post by post in the order of time."""

from random import Random
from typing import Any

from community.core.text import excerpt, slug_of
from community.forums.models import Topic
from community.items.actions import pseudonym_name
from community.items.models import Item, Post, Pseudonym, State, Thank, Visibility
from community.messages.models import NoticeKind
from community.simulation.actions.store import BATCH, NOTICED, Store, read_at
from community.simulation.texts import Pool, say
from community.simulation.world import DAY, HOUR, SPAN, Crowd, Person, Place, Thread, Town, at, hour, moment
from community.touchpoints.models import Verb

IN_CLUBS, ANONYMOUS, HIDDEN, ANSWERS_A_POST, BY_OPENER, BY_A_WRITER = 0.15, 0.02, 0.003, 0.25, 0.2, 0.25
ACCEPTED = 0.3
MOST_THANKS = 40


def lengths(chance: Random, threads: int, posts: int, spread: float) -> list[int]:
    """How many posts each thread has: log-normal, and so many in all (or one each)."""
    drawn = [chance.lognormvariate(0, spread) for _ in range(threads)]
    share = max(0, posts - threads) / sum(drawn)
    found = [1 + int(each * share) for each in drawn]
    for _ in range(posts - sum(found)):
        found[chance.randrange(threads)] += 1
    return found


def begin_topics(store: Store, chance: Random, town: Town, crowd: Crowd, sizes: list[int], until: int) -> None:
    """The topics of a site as they were begun; what is said in them comes later."""
    clubs = [club for club in town.clubs.values() if club.people]
    shares = [len(club.people) for club in clubs]
    begun = sorted(moment(chance, until - SPAN, until - HOUR) for _ in sizes)
    for when, size in zip(begun, sizes, strict=True):
        place, opener = _where(chance, town, clubs, shares, when), None
        if place.group_id:
            opener = _one_of(chance, place, when)
        opener = opener or crowd.somebody_for(chance, None if place.group_id else place, when)
        if opener is None or (place.group_id and opener.club is not place):
            place = chance.choice(town.places)
            opener = opener or town.people[0]
            when = max(when, opener.joined + 60)
        times = _times(chance, when, size, until)
        thread = Thread(store.number(Item), "topic", when, place, opener, times, place.stage_from, place.stage_to)
        thread.theme_id = place.theme_id
        if len(times) > 2 and chance.random() < ACCEPTED:
            thread.accepted = chance.randint(2, len(times))
        _add_topic(store, chance, town, thread)
        town.topics.append(thread)
        store.settle(BATCH)
    store.settle()


def comment_on(chance: Random, threads: list[Thread], count: int, until: int) -> None:
    """When articles and stories are commented on: few of them much."""
    shares = [chance.paretovariate(1.1) for _ in threads]
    for thread in chance.choices(threads, shares, k=count) if threads else ():
        thread.times.append(min(until - 60, thread.begun + HOUR + int(chance.expovariate(1 / (40 * DAY)))))
    for thread in threads:
        thread.times.sort()


class Talk:
    """What is said in the threads of a site."""

    def __init__(self, store: Store, chance: Random, town: Town, crowd: Crowd, pool: Pool, until: int) -> None:
        self.store, self.chance, self.town, self.crowd, self.pool, self.until = store, chance, town, crowd, pool, until

    def write(self, thread: Thread, when: int) -> None:
        """The next post of a thread."""
        number, is_topic = len(thread.posts) + 1, thread.kind == "topic"
        is_opening = is_topic and number == 1
        writer = self._writer(thread, when, is_opening)
        parent = self._parent(thread) if number > 1 + is_topic else (None, None)
        text = self.chance.choice(self.pool.openings if is_opening else self.pool.answers)
        post_id = self.store.number(Post)
        is_live = is_opening or number == thread.accepted or self.chance.random() > HIDDEN
        thanks = self._thank(thread, post_id, writer, when) if is_live else 0
        self.store.add(
            Post,
            id=post_id,
            item_id=thread.id,
            number=number,
            parent_id=parent[0],
            root_id=parent[1] or parent[0],
            **self._signed(thread, writer),
            body=text.body,
            body_html=text.html,
            state=State.LIVE if is_live else State.HIDDEN,
            thank_count=thanks,
            created_at=at(when),
        )
        if is_live and thread.writers[writer] is None:
            verb = Verb.TOPIC_STARTED if is_opening else Verb.POST_WRITTEN if is_topic else Verb.COMMENT_WRITTEN
            self.store.tell(when, self.town.site, writer, verb, thread.key, post_id=post_id)
        if number == thread.accepted:
            self._accept(thread, post_id, when)
        if is_live and when > self.until - NOTICED and is_topic:
            self._notify(thread, post_id, writer, when, is_opening)
        writer.was_here(when)
        thread.posts.append((post_id, parent[1] or parent[0]))
        self.store.settle(BATCH)

    def _writer(self, thread: Thread, when: int, is_opening: bool) -> Person:
        """The opener, somebody who was here before, or somebody new; a few hide their name."""
        chance, writer, drawn = self.chance, None, self.chance.random()
        if thread.opener and (is_opening or drawn < BY_OPENER):
            writer = thread.opener
        elif thread.writers and drawn < BY_OPENER + BY_A_WRITER:
            writer = chance.choice(list(thread.writers))
        elif thread.place and thread.place.group_id:
            writer = _one_of(chance, thread.place, when)
        writer = writer or self.crowd.somebody_for(chance, thread.place, when) or thread.opener or self.town.people[0]
        if writer not in thread.writers:
            thread.writers[writer] = self._pseudonym(thread, writer) if chance.random() < ANONYMOUS else None
            if thread.kind == "topic":
                self.store.follow(writer, when, item_id=thread.id)
        return writer

    def _pseudonym(self, thread: Thread, writer: Person) -> int | None:
        if thread.kind != "topic":
            return None
        taken = sum(known is not None for known in thread.writers.values())
        pseudonym_id = self.store.number(Pseudonym)
        self.store.add(Pseudonym, id=pseudonym_id, item_id=thread.id, member_id=writer.id, number=taken + 1)
        return pseudonym_id

    def _signed(self, thread: Thread, writer: Person) -> dict[str, Any]:
        """Under one's name, or as an anonymous parent."""
        pseudonym = thread.writers[writer]
        if pseudonym is None:
            return {"author_id": writer.id, "author_name": "", "pseudonym_id": None}
        number = [known for known in thread.writers.values() if known].index(pseudonym) + 1
        return {"author_id": None, "author_name": pseudonym_name(self.town.site, number), "pseudonym_id": pseudonym}

    def _parent(self, thread: Thread) -> tuple[int | None, int | None]:
        """The post that is answered, and its root; none for what answers all."""
        if self.chance.random() > ANSWERS_A_POST:
            return None, None
        return self.chance.choice(thread.posts[-12:])

    def _thank(self, thread: Thread, post_id: int, writer: Person, when: int) -> int:
        """Most posts are thanked for by nobody, a few by many."""
        wanted = min(MOST_THANKS, int(self.chance.paretovariate(2)) - 1)
        club = thread.place if thread.place and thread.place.group_id else None
        people = {
            _one_of(self.chance, club, when) if club else self.crowd.somebody(self.chance, when) for _ in range(wanted)
        }
        others = (one for one in people if one and one is not writer and not thread.writers.get(one))
        thanked = sorted(others, key=lambda one: one.id or 0)
        for one in thanked:
            then = min(self.until - 1, when + int(self.chance.expovariate(1 / DAY)))
            self.store.add(Thank, post_id=post_id, member_id=one.id, at=at(then))
            self.store.tell(then, self.town.site, one, Verb.POST_THANKED, thread.key, post_id=post_id)
        return len(thanked)

    def _accept(self, thread: Thread, post_id: int, when: int) -> None:
        """Who asked says that this helped; an anonymous parent leaves no name in the record."""
        if thread.opener and thread.writers.get(thread.opener) is None:
            then = min(self.until - 1, when + int(self.chance.expovariate(1 / DAY)))
            self.store.tell(then, self.town.site, thread.opener, Verb.ANSWER_ACCEPTED, thread.key, post_id=post_id)

    def _notify(self, thread: Thread, post_id: int, writer: Person, when: int, is_opening: bool) -> None:
        """Who wrote here hears of it; a club of what begins in it."""
        club = thread.place.people if is_opening and thread.place and thread.place.group_id else []
        kind = NoticeKind.CLUB if is_opening else NoticeKind.ANSWER
        for hearer in club if is_opening else thread.writers:
            if hearer is writer:
                continue
            actor_id = None if thread.writers[writer] else writer.id
            told = {"kind": kind, "item_id": thread.id, "post_id": post_id, "actor_id": actor_id}
            self.store.notify(hearer, when, read_at(self.chance, when, self.until), key=f"post:{post_id}", **told)


def _where(chance: Random, town: Town, clubs: list[Place], shares: list[int], when: int) -> Place:
    """A club or a board; the first boards are the busiest."""
    if clubs and chance.random() < IN_CLUBS:
        return chance.choices(clubs, shares)[0]
    return town.places[min(len(town.places) - 1, int(chance.expovariate(0.4)))]


def _one_of(chance: Random, club: Place, when: int) -> Person | None:
    """Somebody who was in a club already."""
    for _try in range(4):
        found = chance.choice(club.people)
        if found.joined + 20 * DAY < when:
            return found
    return None


def _times(chance: Random, begun: int, size: int, until: int) -> list[int]:
    """The opening, and answers that come quickly at first; few by night."""
    found, then = [begun], begun
    for number in range(1, size):
        then += int(chance.lognormvariate(8.6, 1.3) * (1 + number / 40))
        if 1 <= then // HOUR % 24 <= 5 and chance.random() < 0.7:
            then = then - then % DAY + max(hour(chance), 6 * HOUR)
        found.append(then)
    squeeze = min(1.0, (until - 60 - begun) / max(1, then - begun))
    return sorted(begun + int((one - begun) * squeeze) for one in found)


def _add_topic(store: Store, chance: Random, town: Town, thread: Thread) -> None:
    place, title = thread.place, say(chance, town.site.language, "title")
    assert place is not None
    assert thread.opener is not None
    slug = f"{thread.id}-{slug_of(title)}"
    store.add(
        Item,
        id=thread.id,
        kind="topic",
        site=town.site,
        title=title,
        summary=excerpt(say(chance, town.site.language, "opening")),
        slug=slug,
        path=f"{town.site.path}forums/topics/{slug}",
        state=State.LIVE,
        visibility=Visibility.CLUB if place.group_id else Visibility.PUBLIC,
        author_id=thread.opener.id,
        collection_id=place.id,
        group_id=place.group_id,
        theme_id=place.theme_id,
        stage_from=place.stage_from,
        stage_to=place.stage_to,
        is_quiet=place.is_quiet,
        created_at=at(thread.begun),
        published_at=at(thread.begun),
        changed_at=at(thread.begun),
    )
    store.add(Topic, id=thread.id, accepted_number=thread.accepted)
