"""What the pages of boards tell browsers and search engines."""

from functools import lru_cache
from typing import Any

from flask import g
from flask_babel import gettext as _
from jinja2.utils import htmlsafe_json_dumps

from community.forums.views.opening import Opening
from community.items.models.shown import PostLook
from community.sites.views import languages_of
from community.web.numbering import address
from community.web.schema import absolute, person, without_gaps

MOST_TOLD = 100
Said = tuple[PostLook, str]  # a post, and its words as they were typed


def frame(path: str, number: int = 1) -> dict[str, Any]:
    """The whole address of a page, and where the other languages talk: what parents write is not translated."""
    path = address(path, {"page": number} if number > 1 else {})
    languages = languages_of({g.site: path}, "forums/", lambda language: _("%(language)s: forums", language=language))
    return {"address": absolute(path), "languages": languages}


@lru_cache(MOST_TOLD)
def schema_of(topic: Opening, host: str, said: tuple[Said, ...], accepted_number: int | None) -> str:
    """A topic for search engines, as JSON for a page: a question where an answer was accepted, else a conversation."""
    by_number = {look.number: (look, body) for look, body in said}
    opening, accepted = by_number.pop(1, None), by_number.get(accepted_number or 0)
    told: dict[str, Any] = {
        "text": opening[1] if opening else topic.summary,
        "datePublished": topic.created_at.isoformat(),
        "author": person(topic.writer, topic.byline),
    }
    head = {"@context": "https://schema.org", "url": f"{host}{topic.path}", "inLanguage": topic.site.language_tag}
    talk = f"{host}{topic.site.path}forums/posts/"
    if accepted is None:
        told |= {"@type": "DiscussionForumPosting", "headline": topic.title, "commentCount": topic.post_count - 1}
        told["comment"] = [_told("Comment", each, talk) for each in by_number.values()]
        return htmlsafe_json_dumps(without_gaps({**head, **told}))
    told |= {"@type": "Question", "name": topic.title, "answerCount": topic.post_count - 1}
    told["acceptedAnswer"] = _told("Answer", accepted, talk)
    told["suggestedAnswer"] = [_told("Answer", each, talk) for each in by_number.values() if each is not accepted]
    return htmlsafe_json_dumps(without_gaps({**head, "@type": "QAPage", "mainEntity": told}))


def _told(kind: str, said: Said, talk: str) -> dict[str, Any]:
    look, body = said
    told = {
        "@type": kind,
        "text": body,
        "url": f"{talk}{look.id}",
        "datePublished": look.created_at.isoformat(),
        "author": person(look.author, look.byline),
        "upvoteCount": look.thank_count if kind == "Answer" else None,
    }
    return without_gaps(told)
