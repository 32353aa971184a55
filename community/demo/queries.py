"""What is there already, so that loading again makes no doubles."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from community.articles.models import Article, StageNote, StageTask
from community.blogs.models import BlogPost
from community.chat.models import Line
from community.core.db import db
from community.forums.models import Board
from community.items.models import Follow, Item, Post, Tag
from community.messages.models import Notice
from community.moderation.models import Concern, Report
from community.profiles.models import Child
from community.search.models import Synonym
from community.segments.models import Segment
from community.service.models import Case
from community.shop.models import Product
from community.sites.models import Site


def theme_of_key(site: Site, key: str) -> Tag | None:
    """A theme by the key that it has on all sites."""
    return db.session.scalar(select(Tag).where(Tag.site == site, Tag.translation_key == key, Tag.is_theme.is_(True)))


def article_of_key(site: Site, key: str) -> Article | None:
    """An article by the key that it has on all sites."""
    return db.session.scalar(select(Article).where(Article.site == site, Article.translation_key == key))


def post_of_key(key: str) -> Post | None:
    """A post by the key that it was loaded under, with its item."""
    query = select(Post).where(Post.imported_key == key).options(joinedload(Post.item), joinedload(Post.author))
    return db.session.scalar(query)


def has_synonyms(site: Site, words: str) -> bool:
    """Whether the search was taught these ways to say the same."""
    query = select(Synonym.id).where(Synonym.site == site, Synonym.words == words)
    return db.session.scalar(query) is not None


def has_note(site: Site, stage_from: int, stage_to: int) -> bool:
    """Whether the calendar says something of this week or month."""
    query = select(StageNote.id).where(StageNote.site == site, StageNote.stage_from == stage_from)
    return db.session.scalar(query.where(StageNote.stage_to == stage_to)) is not None


def has_task(site: Site, key: str) -> bool:
    """Whether this thing to do is there."""
    return db.session.scalar(select(StageTask.id).where(StageTask.site == site, StageTask.key == key)) is not None


def board_of_key(site: Site, key: str) -> Board | None:
    """A board by the key that it has on all sites."""
    return db.session.scalar(select(Board).where(Board.site == site, Board.translation_key == key))


def first_due_on(member_id: int) -> date | None:
    """When a member's first child is due."""
    query = select(Child.due_on).where(Child.member_id == member_id, Child.due_on.is_not(None)).order_by(Child.id)
    return db.session.scalar(query.limit(1))


def has_segment(site: Site, name: str) -> bool:
    """Whether an audience of this name is there."""
    return db.session.scalar(select(Segment.id).where(Segment.site == site, Segment.name == name)) is not None


def has_asked(member_id: int, subject: str) -> bool:
    """Whether this case is there."""
    query = select(Case.id).where(Case.member_id == member_id, Case.subject == subject)
    return db.session.scalar(query) is not None


def has_said(member_id: int, words: str) -> bool:
    """Whether this line of the chat is there."""
    return db.session.scalar(select(Line.id).where(Line.author_id == member_id, Line.body == words)) is not None


def has_told(member_id: int, title: str) -> bool:
    """Whether this story is there."""
    return db.session.scalar(select(BlogPost.id).where(Item.author_id == member_id, Item.title == title)) is not None


def last_notice_before(member_id: int, moment: datetime) -> int:
    """The number of the newest notice that a member got before a moment."""
    query = select(func.max(Notice.id)).where(Notice.member_id == member_id, Notice.at < moment)
    return db.session.scalar(query) or 0


def loaded_posts() -> list[tuple[int, int, int, datetime]]:
    """Each loaded post (its number here, its item, its number there, when), in the order of days."""
    query = select(Post.id, Post.item_id, Post.number, Post.created_at)
    query = query.where(Post.imported_key.startswith("demo:")).order_by(Post.created_at)
    return [(*row,) for row in db.session.execute(query)]


def who_follows(item_ids: Iterable[int]) -> list[tuple[int, int]]:
    """Who hears of these items: (member, item)."""
    query = select(Follow.member_id, Item.id).join(Item, Item.id == Follow.item_id)
    return [(*row,) for row in db.session.execute(query.where(Item.id.in_(list(item_ids))))]


def told_before(moment: datetime) -> list[tuple[int, int]]:
    """Who was told of which item before a moment: (member, item)."""
    query = select(Notice.member_id, Item.id).join(Item, Item.id == Notice.item_id).where(Notice.at < moment)
    return [(*row,) for row in db.session.execute(query.distinct())]


def has_reported(about: str, reporter_id: int) -> bool:
    """Whether somebody reported this already."""
    query = select(Report.id).join(Report.concern).where(Concern.about == about, Report.reporter_id == reporter_id)
    return db.session.scalar(query.limit(1)) is not None


def product_of_key(site: Site, key: str) -> Product | None:
    """A product by the key that it has on all sites."""
    return db.session.scalar(select(Product).where(Product.site == site, Product.translation_key == key))
