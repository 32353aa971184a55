"""Stores what an import made of one row: an article with its comments, a tag, an author."""

from collections.abc import Callable
from dataclasses import dataclass, field

from community.articles.models import Article
from community.articles.queries import importing as queries
from community.articles.wordpress.mapping import Piece, Remark
from community.articles.wordpress.wxr import Author, Term
from community.core import clock
from community.core.db import db
from community.core.imports import Memory, digest_of
from community.core.refused import Refused
from community.core.text import plain, reading_minutes, slug_of
from community.items import actions as items
from community.items import queries as item_queries
from community.items.models import Post, State, Tag
from community.sites.models import Site

REMOVED_HERE = "It was removed here, and is not brought back."
CHANGED_HERE = "It was changed here since, and stays as it is."


@dataclass(frozen=True)
class Outcome:
    """What became of one row; `why` where it was skipped."""

    kind: str
    name: str
    line: int = 0
    why: str = ""


@dataclass
class Wanted:
    """An article and its comments as they should be; HTML only of what does not stand here already."""

    kind: str
    key: str
    line: int
    slug: str
    piece: Piece
    body_html: str | None
    remarks: list[tuple[Remark, str | None]] = field(default_factory=list)


class Shelf:
    """Where the rows of one source are stored at one site; every call is part of a unit of work."""

    def __init__(self, site: Site, memory: Memory) -> None:
        self.site, self.memory = site, memory
        self.pictures: dict[str, int] = {}  # path -> id
        self._tags: dict[str, Tag] = {}

    def look(self) -> None:
        """Load the tags anew: a unit of work began, or a part of it was undone."""
        self._tags = queries.tags_by_slug(self.site)

    def author(self, author: Author) -> list[Outcome]:
        """Nobody becomes a member: only that the author was seen is kept, not the login, which may be an address."""
        return [self._once("authors", digest_of(author.login), author.name, lambda: None)]

    def term(self, term: Term) -> list[Outcome]:
        """A category or tag becomes a tag of the site."""
        if not term.name:
            raise Refused("It has no name.")
        return [self._once(term.kind, term.slug or slug_of(term.name), term.name, lambda: self._tag(term.name).id)]

    def article(self, wanted: Wanted) -> list[Outcome]:
        """An article and its comments."""
        known = self.memory.of(wanted.kind, wanted.key)
        if known is None:
            article, outcome = self._create(wanted), "created"
        elif wanted.body_html is None and all(html is None for _remark, html in wanted.remarks):
            return [Outcome(wanted.kind, "unchanged"), *(Outcome("comments", "unchanged") for _ in wanted.remarks)]
        else:
            found = queries.imported_article(known.thing_id)
            if found is None:
                raise Refused(REMOVED_HERE)
            article, outcome = found, self._update(found, wanted)
        why = CHANGED_HERE if outcome == "skipped" else ""
        return [Outcome(wanted.kind, outcome, wanted.line, why), *self._comments(article, wanted)]

    def _once(self, kind: str, key: str, name: str, make: Callable[[], int | None]) -> Outcome:
        """A row that has only a name."""
        known, digest = self.memory.of(kind, key), digest_of(name)
        if known is not None and known.digest == digest:
            return Outcome(kind, "unchanged")
        self.memory.keep(kind, key, digest, make())
        return Outcome(kind, "updated" if known else "created")

    def _tag(self, name: str) -> Tag:
        slug = slug_of(name)
        if slug not in self._tags:
            self._tags[slug] = items.tag_named(self.site, name)
        return self._tags[slug]

    def _create(self, wanted: Wanted) -> Article:
        now = clock.now()
        article = Article(
            site=self.site,
            slug=wanted.slug,
            path=f"{self.site.path}articles/{wanted.slug}",
            created_at=wanted.piece.written_at or now,
            changed_at=wanted.piece.written_at or now,
            post_count=0,
            last_post_number=0,
            tags=[],
        )
        db.session.add(article)
        self._fill(article, wanted)
        return article

    def _update(self, article: Article, wanted: Wanted) -> str:
        """What an editor saved here is never written over."""
        if wanted.body_html is None:
            return "unchanged"
        if article.version > 1:
            return "skipped"
        article.changed_at = clock.now()
        self._fill(article, wanted)
        return "updated"

    def _fill(self, article: Article, wanted: Wanted) -> None:
        piece = wanted.piece
        article.title, article.summary, article.state = piece.title, piece.summary[:400], piece.state
        article.body = article.body_html = wanted.body_html or ""
        article.is_html, article.minutes = True, reading_minutes(article.body_html)
        article.author_name = piece.author_name
        article.picture_id = self.pictures.get(piece.picture)
        if piece.state == State.LIVE:
            article.published_at = piece.published_at or article.published_at or clock.now()
        named = [self._tags[slug] for slug in map(slug_of, piece.themes) if slug in self._tags]
        article.theme = next((tag for tag in named if tag.is_theme), None)
        article.tags = list({tag.id: tag for tag in map(self._tag, piece.tags)}.values())
        db.session.flush()
        for path in piece.addresses:
            items.remember_address(article, path)
        self.memory.keep(wanted.kind, wanted.key, piece.digest, article.id)

    def _comments(self, article: Article, wanted: Wanted) -> list[Outcome]:
        """In the order of their dates; each answer under what it answers, if that was taken too."""
        posts: dict[str, Post] = {}
        outcomes = []
        for remark, body_html in wanted.remarks:
            known = self.memory.of("comments", comment_key(wanted.kind, wanted.key, remark))
            post = item_queries.post_by_id(known.thing_id or 0) if known else self._write(article, remark, body_html)
            if post is None:
                outcomes.append(Outcome("comments", "skipped", remark.line, REMOVED_HERE))
                continue
            posts[remark.id] = post
            outcome = self._rewrite(post, remark, body_html) if known else Outcome("comments", "created")
            outcomes.append(outcome)
            if outcome.name in ("created", "updated"):
                db.session.flush()
                self.memory.keep("comments", comment_key(wanted.kind, wanted.key, remark), remark.digest, post.id)
        _thread(posts, [remark for remark, _html in wanted.remarks])
        return outcomes

    def _write(self, article: Article, remark: Remark, body_html: str | None) -> Post:
        article.last_post_number += 1
        article.post_count += 1
        post = Post(
            item_id=article.id,
            number=article.last_post_number,
            author_name=remark.author_name,
            body=plain(body_html or ""),
            body_html=body_html or "",
            state=State.LIVE,
            created_at=remark.written_at or article.created_at,
        )
        db.session.add(post)
        return post

    def _rewrite(self, post: Post, remark: Remark, body_html: str | None) -> Outcome:
        if body_html is None:
            return Outcome("comments", "unchanged")
        if post.edited_at or post.state != State.LIVE:
            return Outcome("comments", "skipped", remark.line, CHANGED_HERE)
        post.author_name, post.body, post.body_html = remark.author_name, plain(body_html), body_html
        return Outcome("comments", "updated")


def comment_key(kind: str, key: str, remark: Remark) -> str:
    """How a comment is known: by its number under its article."""
    return f"{kind}:{key}/{remark.id}"


def _thread(posts: dict[str, Post], remarks: list[Remark]) -> None:
    """Put each answer under what it answers, where that stands before it: broken files know circles."""
    roots: dict[str, Post] = {}
    for remark in remarks:
        if (post := posts.get(remark.id)) is None:
            continue
        root = roots.get(remark.parent)
        roots[remark.id] = root or post
        if root is not None:
            post.parent_id, post.root_id = posts[remark.parent].id, root.id
