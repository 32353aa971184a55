"""What readers do under an item: answer, change, take away, bring back."""

from community.items import actions as items
from community.items.models import Item, Post, State
from community.members.models import Member
from community.moderation.actions.screening import publish, screen_again


def write_comment(item: Item, author: Member, body: str, parent: Post | None) -> Post:
    """A new comment, live at once or held for a moderator; an answer where it has a parent."""
    post = items.write_post(item, author, body, parent)
    publish(post, author)
    return post


def edit_comment(post: Post, body: str) -> None:
    """Say it differently; what it said before is kept, and what it says now is screened."""
    items.edit_post(post, body)
    screen_again(post)


def delete_comment(post: Post) -> None:
    """Take a comment away; it can be brought back to where it stood. What was live waits for nobody any more."""
    if post.is_live:
        post.held_because = ""
    items.set_post_state(post, State.DELETED)


def restore_comment(post: Post) -> None:
    """Bring back what was taken away: live, or waiting as it was before."""
    items.set_post_state(post, State.HELD if post.held_because else State.LIVE)
