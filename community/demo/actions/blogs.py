"""What members wrote in their blogs, and what others said of it."""

from datetime import timedelta

from community.blogs import actions
from community.blogs.actions import Story
from community.comments.actions import write_comment
from community.core import clock
from community.demo import queries
from community.demo.actions.scene import AWAY, ago, at, person_of
from community.demo.texts import Entry
from community.items.models import Visibility
from community.messages.actions import notices

STEP = timedelta(hours=3)  # between a story and each comment on it
EDITORS = {"nl": "lotte", "en": "daan"}


def put_story(entry: Entry) -> bool:
    """A story with its comments; one that editors show, with its author's consent."""
    author = person_of(entry["who"])
    if queries.has_told(author.id, entry["title"]):
        return False
    published_at = ago(entry["days_ago"], author.site)
    with at(published_at):
        told = Story(entry["title"], entry["body"].strip(), Visibility(entry["audience"]))
        story = actions.write_story(author.site, author, told)
        actions.publish_story(story, author)
    for number, (who, words) in enumerate(entry.get("comments", ()), 1):
        with at(published_at + STEP * number):
            write_comment(story, person_of(who), words, None)
    if entry.get("featured"):
        with at(published_at + STEP):
            actions.ask_feature(story, person_of(EDITORS[author.site.code]))
            actions.agree(story, author)
    with at(clock.now() - AWAY):
        notices.read_all(author, queries.last_notice_before(author.id, clock.now()))
    return True
