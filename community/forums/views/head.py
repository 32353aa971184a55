"""What the pages of boards tell browsers and search engines."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from flask import g
from flask_babel import gettext as _

from community.forums.models import Topic
from community.items.models.shown import PostLook, ShownPost
from community.sites.models import Site
from community.sites.queries import open_sites
from community.sites.views import Language, language_of
from community.web.numbering import address
from community.web.schema import absolute, person, without_gaps

MOST_TOLD = 1_000


def frame(path: str, number: int = 1) -> dict[str, Any]:
    """The whole address of a page, and where the other languages talk: what parents write is not translated."""
    path = address(path, {"page": number} if number > 1 else {})
    return {
        "address": absolute(path),
        "languages": tuple(_talk_in(site, path) for site in open_sites()),
    }


def _talk_in(site: Site, path: str) -> Language:
    if site == g.site:
        return language_of(site, path)
    return language_of(site, f"{site.path}forums/", _("%(language)s: forums", language=site.language_name))


def schema_of(
    topic: Topic, opening: ShownPost | None, answers: Sequence[ShownPost], accepted: ShownPost | None
) -> dict[str, Any]:
    """A topic for search engines: a question where an answer was accepted, else a conversation."""
    told: dict[str, Any] = {
        "text": opening.body if opening else topic.summary,
        "datePublished": topic.created_at.isoformat(),
        "author": person(topic.author, topic.byline),
    }
    head = {"@context": "https://schema.org", "url": absolute(topic.path), "inLanguage": topic.site.language_tag}
    if accepted is None:
        told |= {"@type": "DiscussionForumPosting", "headline": topic.title, "commentCount": topic.post_count - 1}
        return without_gaps({**head, **told, "comment": [_told("Comment", post) for post in answers]})
    told |= {"@type": "Question", "name": topic.title, "answerCount": topic.post_count - 1}
    told["acceptedAnswer"] = _told("Answer", accepted)
    told["suggestedAnswer"] = [_told("Answer", post) for post in answers if post is not accepted]
    return without_gaps({**head, "@type": "QAPage", "mainEntity": told})


def _told(kind: str, post: ShownPost) -> dict[str, Any]:
    return _told_of(kind, post.look, post.body, absolute(post.path))


@lru_cache(MOST_TOLD)
def _told_of(kind: str, look: PostLook, body: str, url: str) -> dict[str, Any]:
    told = {
        "@type": kind,
        "text": body,
        "url": url,
        "datePublished": look.created_at.isoformat(),
        "author": person(look.author, look.byline),
        "upvoteCount": look.thank_count if kind == "Answer" else None,
    }
    return without_gaps(told)
