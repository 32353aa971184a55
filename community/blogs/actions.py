"""What members do in their blogs: write, publish, take away; and how a story comes to the front page."""

from collections.abc import Sequence
from dataclasses import dataclass
from secrets import token_hex

from flask_babel import gettext as _

from community.blogs import queries
from community.blogs.models import Blog, BlogPost
from community.core import audit, clock
from community.core.db import after_commit, db, unit_of_work
from community.core.generation import changed
from community.core.jobs import job
from community.core.refused import Refused
from community.core.text import excerpt, reading_minutes, slug_of
from community.items import actions as items
from community.items.models import State, Visibility
from community.items.policy import may_see
from community.media import actions as media
from community.media.models import Picture
from community.members.models import Member
from community.messages.actions import notices
from community.messages.models import NoticeKind
from community.moderation.actions.screening import publish, screen_again
from community.sites.models import Site

MOST_PHOTOS = 6


@dataclass(frozen=True)
class Story:
    """What somebody tells, and to whom."""

    title: str
    body: str
    audience: Visibility
    group_id: int | None = None  # the club, where it is for one


def blog_for(site: Site, owner: Member) -> Blog:
    """A member's blog, begun with the first story."""
    blog = queries.blog_of(site, owner.id)
    if blog is None:
        path = f"{site.path}blogs/{owner.username}/"
        blog = Blog(site=site, slug=owner.username, title=owner.name, path=path, owner_id=owner.id)
        db.session.add(blog)
        db.session.flush()
    return blog


def write_story(site: Site, author: Member, story: Story, photos: Sequence[Picture] = ()) -> BlogPost:
    """A new story, a draft yet."""
    now, blog = clock.now(), blog_for(site, author)
    post = BlogPost(
        site=site,
        collection=blog,
        collection_id=blog.id,
        author=author,
        author_id=author.id,
        slug=f"new-{token_hex(8)}",
        path="",
        state=State.DRAFT,
        created_at=now,
        changed_at=now,
        picture=None,
        more_photos=[],
        tags=[],
    )
    db.session.add(post)
    _say(post, story)
    _show(post, photos)
    db.session.flush()
    _name(post)
    return post


def edit_story(post: BlogPost, story: Story, photos: Sequence[Picture]) -> None:
    """Say it differently, with these photos, or to others. What stands is screened again; editors show only what all
    may read."""
    was_live = post.is_live
    _say(post, story)
    _show(post, photos)
    if was_live:
        post.edited_at = clock.now()
    if post.visibility != Visibility.PUBLIC:
        end_feature(post)
    db.session.flush()
    _name(post)
    if was_live or post.state == State.HELD:
        screen_again(post)
    changed(post.site.code)


def publish_story(post: BlogPost, author: Member) -> None:
    """Let its audience read it: at once, or after a moderator's look."""
    publish(post, author)


def withdraw(post: BlogPost) -> None:
    """Nobody but its author reads it any more."""
    items.set_item_state(post, State.WITHDRAWN)


def take_away(post: BlogPost) -> None:
    """Delete one's own story."""
    items.set_item_state(post, State.DELETED)


def bring_back(post: BlogPost) -> None:
    """Undo what was just taken away: as it was, live, waiting, or a draft."""
    if post.held_because:
        items.set_item_state(post, State.HELD)
    else:
        items.set_item_state(post, State.LIVE if post.published_at else State.DRAFT)


def ask_feature(post: BlogPost, editor: Member) -> None:
    """Ask its author whether it may stand on the front page."""
    post.feature_asked_at, post.feature_asked_by_id = clock.now(), editor.id
    audit.keep("story.feature-asked", post.key, editor.id)
    if post.author is not None:
        key = f"feature:{post.id}:{post.feature_asked_at:%Y%m%d}"
        notices.tell(post.author, NoticeKind.FEATURE, key, item=post, path=f"/account/blog/{post.id}")


def agree(post: BlogPost, author: Member) -> None:
    """Its author says yes: that stands on record, and it is shown from now on."""
    post.feature_agreed_at = post.featured_at = clock.now()
    audit.keep("story.feature-agreed", post.key, author.id)
    after_commit(queries.forget_featured)
    changed(post.site.code)


def end_feature(post: BlogPost, by: Member | None = None) -> None:
    """It is shown no more: its author said no, or an editor something else."""
    if post.feature_asked_at is not None and by is not None:
        audit.keep("story.feature-ended", post.key, by.id)
    post.feature_asked_at = post.feature_agreed_at = post.featured_at = None
    changed(post.site.code)


def tell_when_live(post: object) -> None:
    """What follows when a story becomes live; handed over in `app.py`."""
    if isinstance(post, BlogPost):
        tell_followers.later(post.id, key=post.key)


@job
def tell_followers(story_id: int) -> None:
    """Who follows the blog, and may read the story, hears of it once."""
    with unit_of_work():
        story = queries.story_by_id(story_id)
        if story is None or not story.is_live or story.collection_id is None:
            return
        for member in queries.followers_of(story.collection_id):
            if member.id != story.author_id and may_see(member, story):
                key = f"story:{story.id}"
                notices.tell(member, NoticeKind.STORY, key, item=story, actor=story.author, path=story.path)


def _say(post: BlogPost, story: Story) -> None:
    post.title, post.body, post.body_html = story.title, story.body, items.html_of(story.body)
    post.summary, post.minutes = excerpt(post.body_html), reading_minutes(post.body_html)
    post.visibility, post.group_id = story.audience, story.group_id
    post.changed_at = clock.now()


def _show(post: BlogPost, photos: Sequence[Picture]) -> None:
    """What it shows no more is gone for good, where its author brought it."""
    if len(photos) > MOST_PHOTOS:
        raise Refused(_("A story shows at most %(most)s photos. Take one away first.", most=MOST_PHOTOS), "photos")
    gone = [photo for photo in post.photos if photo not in photos and photo.uploader_id == post.author_id]
    post.show_photos(photos)
    for photo in gone:
        media.remove_picture(photo)


def _name(post: BlogPost) -> None:
    """The address that follows from its title; an old one leads on."""
    slug = f"{post.id}-{slug_of(post.title)}"
    path = f"{post.site.path}blogs/{post.author.username if post.author else ''}/{slug}"
    if post.state == State.DRAFT:
        post.slug, post.path = slug, path  # nobody knows an address of it yet
    else:
        items.move_item(post, slug, path)
