"""What screening asks: watched words, a member's latest texts, what was told before."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import Row, bindparam, or_, select
from sqlalchemy.orm import joinedload

from community.core import clock
from community.core.asking import rows_of
from community.core.db import db
from community.items.models import Item, Post, Pseudonym, State, Written
from community.moderation.models import WatchedWord
from community.sites.models import Site
from community.touchpoints.models import Touchpoint, Verb

_WATCHED = (
    select(WatchedWord.word, WatchedWord.is_refused)
    .where(WatchedWord.site == bindparam("site"))
    .order_by(WatchedWord.word)
)
RECENT_BODIES = 50
TRIED_OVER = timedelta(days=30)
MOST_TRIED, MOST_HITS = 2_000, 20


def words_of(site: Site) -> list[WatchedWord]:
    """The watched words of a site."""
    return list(db.session.scalars(select(WatchedWord).where(WatchedWord.site == site).order_by(WatchedWord.word)))


def word_by_id(word_id: int) -> WatchedWord | None:
    """One watched word."""
    return db.session.get(WatchedWord, word_id)


def watched_word(site: Site, word: str) -> WatchedWord | None:
    """The row of this word on a site."""
    return db.session.scalar(select(WatchedWord).where(WatchedWord.site == site, WatchedWord.word == word))


def watched_in(site: Site, text: str) -> list[Row[tuple[str, bool]]]:
    """The site's watched words that a text holds, each with whether it is refused."""
    said = folded(text)
    return [row for row in rows_of(_WATCHED, {"site": site}) if _is_in(row.word, said)]


def folded(text: str) -> str:
    """A text as words are compared: lower case, without accents."""
    letters = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def matches(word: str, text: str) -> bool:
    """Whether a text holds a watched word as a word of its own; with a last `*`, whatever follows."""
    return _is_in(word, folded(text))


def hits(site: Site, word: str) -> list[Post]:
    """Live posts of the last 30 days that hold this word: what it would have stopped."""
    query = select(Post).join(Post.item).where(Item.site == site, Post.state == State.LIVE)
    query = query.where(Post.created_at >= clock.now() - TRIED_OVER).order_by(Post.created_at.desc())
    posts = db.session.scalars(query.options(joinedload(Post.item)).limit(MOST_TRIED))
    return [post for post in posts if matches(folded(word), post.body)][:MOST_HITS]


def recent_bodies(member_id: int, except_id: int | None) -> Sequence[str]:
    """What a member wrote last, under whatever name; what was hidden counts too."""
    pseudonyms = select(Pseudonym.id).where(Pseudonym.member_id == member_id)
    query = select(Post.body).where(or_(Post.author_id == member_id, Post.pseudonym_id.in_(pseudonyms)))
    query = query.where(Post.id.is_distinct_from(except_id), Post.state != State.DELETED)
    return db.session.scalars(query.order_by(Post.id.desc()).limit(RECENT_BODIES)).all()


def was_told(verb: Verb, words: Post | Written) -> bool:
    """Whether it was told to the record that this post or item is live."""
    about = words.item.key if isinstance(words, Post) else words.key
    query = select(Touchpoint.id).where(Touchpoint.about == about, Touchpoint.verb == verb)
    if isinstance(words, Post):
        query = query.where(Touchpoint.facts["post_id"].as_integer() == words.id)
    return db.session.scalar(query.limit(1)) is not None


def _is_in(word: str, said: str) -> bool:
    stem, ending = (word[:-1], "") if word.endswith("*") else (word, r"(?!\w)")
    return re.search(rf"(?<!\w){re.escape(stem)}{ending}", said) is not None
