"""Boards, clubs and what was said there: each conversation is one commit, each post at its own time."""

from datetime import datetime, timedelta
from typing import Any

from community.core import clock, generation
from community.core.db import db, unit_of_work
from community.core.refused import Refused
from community.demo import queries
from community.demo.actions.scene import AWAY, ago, at, person_of, theme_of
from community.demo.texts import Entry
from community.forums.actions.clubs import join_club
from community.forums.actions.keeping import Wish, keep
from community.forums.actions.ties import accept, keep_positions, thank
from community.forums.actions.topics import reply, start_topic
from community.forums.models import Board
from community.forums.queries.clubs import board_of
from community.forums.queries.importing import opening_of
from community.items.models import Post
from community.messages.actions.notices import seen, tell_of_post
from community.moderation.models import Deed
from community.sites.models import SITES, Site

KEEPERS = {"nl": "wouter", "en": "hana"}
SOON = timedelta(minutes=20)


def put_board(board: Entry) -> bool:
    """A board of one site."""
    site = SITES[board["language"]]
    if queries.board_of_key(site, board["key"]):
        return False
    row = Board(site=site, slug=board["slug"], title=board["title"], path=f"{site.path}forums/{board['slug']}/")
    row.description, row.position, row.translation_key = board["description"], board["position"], board["key"]
    row.theme_id = theme_of(site, board["theme"]).id if "theme" in board else None
    row.stage_from, row.stage_to = board.get("stage", (None, None))
    row.is_quiet = board.get("is_quiet", False)
    db.session.add(row)
    generation.changed(site.code)
    return True


def put_topic(topic: Entry) -> bool:
    """A conversation: who began, who answered, who was thanked and whose answer helped."""
    if queries.post_of_key(key_of(topic["key"], 1)):
        return False
    moments = _moments(topic)
    board = _board(SITES[topic["language"]], topic, moments[0])
    posts = _posts(board, topic, moments)
    for number, *people in topic.get("thanks", []):
        with at(_soon_after(moments[number - 1])):
            for who in people:
                thank(posts[number - 1], person_of(who))
    with at(_soon_after(moments[-1])):
        _keep(topic, posts)
    return True


def tell_what_was_written() -> None:
    """Let those whom it concerns hear of each post at its time; what is older than everybody's last visit was read."""
    posts, last_visit = queries.loaded_posts(), clock.now() - AWAY
    _tell([(post_id, moment) for post_id, _item, _number, moment in posts if moment < last_visit])
    numbers = {item_id: number for _post, item_id, number, moment in posts if moment < last_visit}
    with unit_of_work(), at(last_visit):
        followed = queries.who_follows(numbers)
        keep_positions([{"member_id": who, "item_id": item, "number": numbers[item]} for who, item in followed])
        for who, item in set(queries.told_before(last_visit)) - set(followed):
            seen(who, item)
    _tell([(post_id, moment) for post_id, _item, _number, moment in posts if moment >= last_visit])


def key_of(topic_key: str, number: int) -> str:
    """How a post of the talk is known when it is loaded again."""
    return f"demo:talk:{topic_key}/{number}"


def _tell(posts: list[tuple[int, datetime]]) -> None:
    for post_id, moment in posts:
        with at(moment):
            tell_of_post(post_id)


def _moments(topic: Entry) -> list[datetime]:
    """When each post was written: answers come quickly at first, and more slowly then."""
    begin, end, last = topic["from"], topic["to"], max(1, len(topic["posts"]) - 1)
    shares = [(number / last) ** 1.5 for number in range(len(topic["posts"]))]
    return sorted(ago(begin + (end - begin) * share, SITES[topic["language"]]) for share in shares)


def _board(site: Site, topic: Entry, moment: datetime) -> Board:
    """The board of a conversation; a club is opened by those who talk in it."""
    board = queries.board_of_key(site, topic["board"]) if "board" in topic else _club_of(site, topic, moment)
    if board is None:
        raise Refused(f"there is no board for {topic['key']!r}")
    return board


def _club_of(site: Site, topic: Entry, moment: datetime) -> Board | None:
    due_on = queries.first_due_on(person_of(topic["club"]).id)
    if due_on is None:
        return None
    with at(moment - SOON):
        names = dict.fromkeys([topic["club"], *(who for who, _words in topic["posts"])])
        clubs = [join_club(site, f"{due_on:%Y-%m}", person_of(name)) for name in names]
    return board_of(clubs[0])


def _posts(board: Board, topic: Entry, moments: list[datetime]) -> list[Post]:
    """All that was said; `?` after a name makes it an anonymous parent's."""
    begun, posts = None, []
    for number, (moment, (who, words)) in enumerate(zip(moments, topic["posts"], strict=True), 1):
        author, is_anonymous = person_of(who.removesuffix("?")), who.endswith("?")
        with at(moment):
            if begun is None:
                begun = start_topic(board, author, topic["title"], words, is_anonymous)
                post = opening_of(begun.id)
            else:
                post = reply(begun, author, words, is_anonymous=is_anonymous)
        if post is None or not post.is_live:
            raise Refused(f"post {number} did not become live")
        post.imported_key = key_of(topic["key"], number)
        posts.append(post)
    return posts


def _keep(topic: Entry, posts: list[Post]) -> None:
    """The answer that helped, and what a moderator did to the conversation."""
    if "accepted" in topic:
        accept(posts[topic["accepted"] - 1], person_of(topic["posts"][0][0].removesuffix("?")))
    if "keep" in topic:
        row: Any = posts[0].item
        keep(row, Deed(topic["keep"]), person_of(KEEPERS[topic["language"]]), Wish(reason=topic.get("why", "")))


def _soon_after(moment: datetime) -> datetime:
    return min(moment + SOON, clock.now())
