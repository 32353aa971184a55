"""Writing an article: each save is one revision; the state says who sees it.

with unit_of_work():
    create_article(SITES["en"], editor, title="Sleep at last", summary="Why.", body="…", theme="sleep")"""

from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext as _

from community.articles.models import Article, Revision
from community.articles.queries import desk
from community.core import clock, generation
from community.core.db import db, hold, unit_of_work
from community.core.jobs import job
from community.core.refused import Refused
from community.core.text import article_html, imported_html, reading_minutes, slug_of
from community.items import actions as items
from community.items import queries as item_queries
from community.items.models import Basis, State
from community.media import actions as media
from community.media.queries import picture_by_id
from community.members.models import Member
from community.members.queries import member_by_id
from community.sites.models import Site
from community.touchpoints.actions import record
from community.touchpoints.models import Verb

SLACK = timedelta(minutes=1)  # a moment is typed in whole minutes, and pressing the button takes a while


@dataclass(frozen=True)
class Written:
    """What an editor gives, and what a revision keeps. `theme` is a slug, `tags` are names."""

    title: str
    slug: str = ""  # empty: made from the title
    summary: str = ""
    body: str = ""  # Markdown, or HTML where `is_html`
    is_html: bool = False
    theme: str = ""
    tags: list[str] = field(default_factory=list)
    stage_from: int | None = None
    stage_to: int | None = None
    stage_basis: str = Basis.CORRECTED
    is_quiet: bool = False
    picture_id: int | None = None
    picture_alt: str = ""
    reviewer_id: int | None = None
    reviewed_on: date | None = None
    sources: list[dict[str, str]] = field(default_factory=list)
    translation_key: str = ""  # shared with the same article on other sites

    def as_json(self) -> dict[str, Any]:
        """The fields of a revision."""
        return asdict(self) | {"reviewed_on": self.reviewed_on and self.reviewed_on.isoformat()}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Written":
        """What a revision kept; fields that it did not know yet have their defaults."""
        known = {f.name: kept[f.name] for f in fields(cls) if f.name in kept}
        day = known.get("reviewed_on")
        return cls(**known | {"reviewed_on": date.fromisoformat(day) if day else None})


class Stale(Exception):
    """Somebody else saved the article after this editor opened it."""


def create_article(
    site: Site,
    editor: Member | None,
    state: State = State.LIVE,
    published_at: datetime | None = None,
    **written: Any,
) -> Article:
    """A new article without a form, for the demonstration and imports: `written` are fields of `Written`.

    It is live at once unless another state is given; `published_at` dates it back, and is then no news."""
    article = blank_article(site, editor)
    article.published_at = published_at
    save(article, editor, Written(**written), state)
    return article


def blank_article(site: Site, author: Member | None) -> Article:
    """An article before its first save."""
    now = clock.now()
    return Article(
        site=site,
        author_id=author and author.id,
        created_at=now,
        changed_at=now,
        is_html=False,
        sources=[],
        version=0,
        tags=[],
    )


def save(
    article: Article, editor: Member | None, written: Written, state: str, publish_at: datetime | None = None
) -> None:
    """Store what was written as one revision, and move the article to a state."""
    _refuse_incomplete(written, state, publish_at)
    _keep_first_revision(article)
    _write(article, written)
    article.publish_at = publish_at if state == State.SCHEDULED else None
    article.version += 1
    db.session.add(article)
    db.session.flush()
    _keep_revision(article, editor, clock.now())
    _move(article, state)


def expect_version(article: Article, version: int | None) -> None:
    """Raise `Stale` where an editor began from another version than the stored one."""
    if article.id is not None:
        hold(article)
    if version is not None and version != article.version:
        raise Stale


def shared_key(other: Article) -> str:
    """The key that a translation of this article shares with it."""
    other.translation_key = other.translation_key or other.key
    return other.translation_key


def restore(article: Article, revision: Revision, editor: Member) -> None:
    """Make an earlier revision the newest one; what no longer exists is left out."""
    written = Written.from_json(revision.fields)
    if item_queries.theme_by_slug(article.site, written.theme) is None:
        written = replace(written, theme="")
    if written.reviewer_id and member_by_id(written.reviewer_id) is None:
        written = replace(written, reviewer_id=None, reviewed_on=None)
    if picture_by_id(written.picture_id) is None:
        written = replace(written, picture_id=None, picture_alt="")
    save(article, editor, written, article.state, article.publish_at)


def written_of(article: Article) -> Written:
    """What stands in an article now."""
    return Written(
        title=article.title,
        slug=article.slug,
        summary=article.summary,
        body=article.body,
        is_html=article.is_html,
        theme=article.theme.slug if article.theme else "",
        tags=[tag.name for tag in article.tags if tag.id != article.theme_id],
        stage_from=article.stage_from,
        stage_to=article.stage_to,
        stage_basis=article.stage_basis,
        is_quiet=article.is_quiet,
        picture_id=article.picture_id,
        picture_alt=article.picture.alt if article.picture else "",
        reviewer_id=article.reviewer_id,
        reviewed_on=article.reviewed_on,
        sources=article.sources or [],
        translation_key=article.translation_key or "",
    )


def body_html_of(body: str, is_html: bool) -> str:
    """A body as the page shows it."""
    return imported_html(body) if is_html else article_html(body)


@job
def publish_due(article_id: int) -> None:
    """Make a scheduled article live when its moment has come; does nothing where that was moved or called off."""
    with unit_of_work():
        article = desk.article_by_id(article_id)
        if article is None or article.state != State.SCHEDULED or not article.publish_at:
            return
        if article.publish_at <= clock.now():
            article.publish_at = None
            _move(article, State.LIVE)


def _refuse_incomplete(written: Written, state: str, publish_at: datetime | None) -> None:
    if written.picture_id and not written.picture_alt:
        raise Refused(_("Describe the picture in words, for everybody who cannot see it."), "picture_alt")
    if state not in (State.LIVE, State.SCHEDULED):
        return
    if not written.summary:
        raise Refused(_("Say in a sentence or two what this article gives. Lists show it."), "summary")
    if not written.body:
        raise Refused(_("There is no text yet. Write it first, or save this as a draft."), "body")
    if state == State.SCHEDULED and publish_at is None:
        raise Refused(_("Choose the day and time at which this should appear."), "publish_at")
    if publish_at and state == State.SCHEDULED and publish_at < clock.now() - SLACK:
        raise Refused(_("This moment has passed. Choose a later one, or publish now."), "publish_at")


def _write(article: Article, written: Written) -> None:
    """Everything but the state."""
    for name in ("title", "summary", "body", "is_html", "stage_from", "stage_to", "stage_basis", "is_quiet"):
        setattr(article, name, getattr(written, name))
    article.reviewer_id, article.reviewed_on = written.reviewer_id, written.reviewed_on
    article.sources = written.sources
    article.body_html = body_html_of(written.body, written.is_html)
    article.minutes = reading_minutes(article.body_html)
    _set_theme(article, written.theme)
    items.set_tags(article, written.tags)
    _set_picture(article, written.picture_id, written.picture_alt)
    _set_address(article, written)
    _set_translation(article, written.translation_key)


def _set_theme(article: Article, slug: str) -> None:
    article.theme = item_queries.theme_by_slug(article.site, slug) if slug else None
    if slug and article.theme is None:
        raise Refused(_("Choose one of the themes of this site."), "theme")


def _set_picture(article: Article, picture_id: int | None, alt: str) -> None:
    """A picture of the site's own, or the one that the article has."""
    picture = picture_by_id(picture_id)
    if picture_id and (picture is None or picture.uploader_id and picture_id != article.picture_id):
        raise Refused(_("This picture is no longer there. Choose another one."), "picture_id")
    article.picture = media.with_words(picture, alt) if picture else None


def _set_address(article: Article, written: Written) -> None:
    """A typed slug must be free; one made from the title gets a number where it is not."""
    slug = wanted = slug_of(written.slug or written.title)
    number = 2
    while desk.is_slug_taken(article.site, slug, article.id):
        if written.slug:
            raise Refused(_("Another article has this address already. Choose another one."), "slug")
        slug, number = f"{wanted}-{number}", number + 1
    path = f"{article.site.path}articles/{slug}"
    if article.published_at and article.path:
        items.move_item(article, slug, path)
    else:
        article.slug, article.path = slug, path


def _set_translation(article: Article, key: str) -> None:
    """One article a site shares a key; pages of the other sites name their translations."""
    if key and desk.is_key_taken(article.site, key, article.id):
        raise Refused(_("Another article of this site translates that one already."), "translates")
    for site in desk.sites_with_key(key) | desk.sites_with_key(article.translation_key or ""):
        generation.changed(site.code)
    article.translation_key = key or None


def _keep_first_revision(article: Article) -> None:
    """An article that came in without one (an import) keeps what it said before its first save."""
    if article.id and desk.revision(article.id, article.version) is None:
        _keep_revision(article, None, article.changed_at)


def _keep_revision(article: Article, editor: Member | None, at: datetime) -> None:
    db.session.add(
        Revision(
            article_id=article.id,
            version=article.version,
            editor_id=editor and editor.id,
            fields=written_of(article).as_json(),
            saved_at=at,
        )
    )


def _move(article: Article, state: str) -> None:
    """To a state; the first time that it goes live is told to its author's profile."""
    is_news = state == State.LIVE and article.published_at is None
    items.set_item_state(article, State(state))
    for site in desk.sites_with_key(article.translation_key or ""):
        generation.changed(site.code)
    if is_news and article.author_id:
        record(member_by_id(article.author_id), Verb.ARTICLE_PUBLISHED, article)
    if article.publish_at:
        key = f"{article.id}:{article.publish_at.isoformat()}"  # another moment is another job
        publish_due.later(article.id, at=article.publish_at, key=key)
