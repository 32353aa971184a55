"""Blogs: some members tell stories, others follow them, and editors show a few on the front page."""

from dataclasses import dataclass
from random import Random
from typing import Any

from sqlalchemy import update

from community.blogs.models import Blog, BlogPost
from community.core import audit
from community.core.db import db, unit_of_work
from community.core.text import excerpt, reading_minutes, slug_of
from community.items.models import Collection, Item, State, Visibility
from community.messages.models import NoticeKind
from community.simulation import queries
from community.simulation.actions.store import BATCH, NOTICED, Store, read_at
from community.simulation.texts import Pool, say
from community.simulation.world import HOUR, Crowd, Person, Thread, Town, at, moment
from community.touchpoints.models import Verb

WRITES, MORE_STORIES, FOLLOWERS = 0.05, 4, 6  # on average
AUDIENCES = {Visibility.PUBLIC: 0.7, Visibility.MEMBERS: 0.2, Visibility.CLUB: 0.08, Visibility.ME: 0.02}
FEATURED = 4  # on a site


@dataclass(frozen=True)
class Author:
    """Somebody with a blog, and who follows it since when."""

    person: Person
    blog_id: int
    followers: dict[Person, int]


class Blogs:
    """The blogs of a site."""

    def __init__(self, store: Store, chance: Random, town: Town, crowd: Crowd, pool: Pool, until: int) -> None:
        self.store, self.chance, self.town, self.crowd, self.pool, self.until = store, chance, town, crowd, pool, until
        self.pictures = [None, None, *queries.pictures()]

    def fill(self) -> None:
        """Every blog with all that stands in it."""
        for person in self.town.people:
            if self.chance.random() < WRITES:
                self._write_all(person)
                self.store.settle(BATCH)
        self.store.settle()
        self.town.stories.sort(key=lambda story: story.begun)
        _feature(self.town.stories[-FEATURED:])

    def _write_all(self, person: Person) -> None:
        times = 1 + int(self.chance.expovariate(1 / MORE_STORIES))
        moments = sorted(moment(self.chance, person.joined, self.until - HOUR) for _time in range(times))
        author = self._begin(person, moments[0])
        for when in moments:
            self._tell(author, when)

    def _begin(self, person: Person, when: int) -> Author:
        """The blog of who tells a first story, and those who follow it."""
        blog_id, site = self.store.number(Collection), self.town.site
        path, row = f"{site.path}blogs/{person.username}/", {"title": person.name, "slug": person.username}
        self.store.add(Collection, id=blog_id, kind="blog", site=site, path=path, **row, group_id=None)
        self.store.add(Blog, id=blog_id, owner_id=person.id)
        count = int(self.chance.expovariate(1 / FOLLOWERS))
        found = [self.crowd.somebody(self.chance, self.until) for _follower in range(count)]
        since = {one: max(one.joined, when) + HOUR for one in found if one and one is not person}
        followers = {one: then for one, then in since.items() if then < self.until}
        for one, then in followers.items():
            self.store.follow(one, then, collection_id=blog_id)
        return Author(person, blog_id, followers)

    def _tell(self, author: Author, when: int) -> None:
        """One story, for those whom its author chose."""
        store, person, text = self.store, author.person, self.chance.choice(self.pool.stories)
        audience = self._audience(person)
        story = Thread(store.number(Item), "blogpost", when, None, person, [])
        row = _item(story, self.town, author, say(self.chance, self.town.site.language, "story"))
        row |= {"summary": excerpt(text.html), "minutes": reading_minutes(text.html), "visibility": audience}
        group_id = person.club.group_id if person.club and audience == Visibility.CLUB else None
        store.add(Item, **row, group_id=group_id, picture_id=self.chance.choice(self.pictures))
        store.add(BlogPost, id=story.id, body=text.body, body_html=text.html)
        store.tell(when, self.town.site, person, Verb.STORY_PUBLISHED, story.key)
        if audience in (Visibility.PUBLIC, Visibility.MEMBERS):
            self._tell_followers(author, story, row["path"])
        if audience == Visibility.PUBLIC:
            self.town.stories.append(story)

    def _audience(self, person: Person) -> Visibility:
        chosen = self.chance.choices(list(AUDIENCES), list(AUDIENCES.values()))[0]
        return chosen if person.club or chosen != Visibility.CLUB else Visibility.MEMBERS

    def _tell_followers(self, author: Author, story: Thread, path: str) -> None:
        """Who followed already hears of what is new."""
        told = {"key": f"story:{story.id}", "kind": NoticeKind.STORY, "item_id": story.id, "path": path}
        for one, since in author.followers.items():
            if since < story.begun and story.begun > self.until - NOTICED:
                read = read_at(self.chance, story.begun, self.until)
                self.store.notify(one, story.begun, read, actor_id=author.person.id, **told)


def _item(story: Thread, town: Town, author: Author, title: str) -> dict[str, Any]:
    slug, begun = f"{story.id}-{slug_of(title)}", at(story.begun)
    return {
        "id": story.id,
        "kind": story.kind,
        "site": town.site,
        "title": title,
        "slug": slug,
        "path": f"{town.site.path}blogs/{author.person.username}/{slug}",
        "state": State.LIVE,
        "author_id": author.person.id,
        "collection_id": author.blog_id,
        "created_at": at(story.begun - HOUR),
        "published_at": begun,
        "changed_at": begun,
        "active_at": begun,
    }


def _feature(stories: list[Thread]) -> None:
    """Editors asked for these and their authors agreed: both stand on record."""
    with unit_of_work():
        for story in stories:
            asked, agreed = at(story.begun + HOUR), at(story.begun + 2 * HOUR)
            told = {"feature_asked_at": asked, "feature_agreed_at": agreed, "featured_at": agreed}
            db.session.execute(update(BlogPost), [{"id": story.id, **told}])
            audit.keep("story.feature-asked", story.key, None)
            audit.keep("story.feature-agreed", story.key, story.opener.id if story.opener else None)
