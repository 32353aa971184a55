"""How a thing comes to stand otherwise: what stands under an item by items/, what a room above keeps by that room."""

from community.items import actions as items
from community.items.models import Post, State, Written
from community.moderation.policy import Said
from community.moderation.queries.things import KEEPERS

Words = Post | Said | Written  # what can be held, hidden and brought back


def set_state(words: Words, state: State) -> None:
    """Let somebody's words be live, held or hidden."""
    if isinstance(words, Post):
        items.set_post_state(words, state)
    elif isinstance(words, Written):
        items.set_item_state(words, state)
    else:
        KEEPERS[words.key.partition(":")[0]].set_state(words, state)
