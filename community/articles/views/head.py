"""What a page says of itself to browsers and search engines: its languages, and an article in schema.org's words."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _

from community.articles.models import ShownArticle
from community.items.models import Collection, Tag
from community.sites.models import Site
from community.sites.queries import open_sites
from community.sites.views import languages_of
from community.web.schema import absolute, person, without_gaps

Paths = dict[Site, str]  # where the same page stands on other sites


def same_path(rest: str) -> Paths:
    """The addresses of a page that every open site has: `articles/`, `pregnancy/24`."""
    return {site: f"{site.path}{rest}" for site in open_sites()}


def same_place(place: Tag | Collection, places: Sequence[Tag | Collection]) -> Paths:
    """Where a theme or board stands, on its own site and on those where it has the same translation key."""
    key = place.translation_key
    return {one.site: one.path for one in places if one.id == place.id or (key and one.translation_key == key)}


def by_language(same: Paths) -> dict[str, str]:
    """The same addresses as search engines want them: language tag -> whole address."""
    return {site.language_tag: absolute(path) for site, path in same.items()}


def frame(path: str, same: Paths) -> dict[str, Any]:
    """What a template tells around a page: its absolute address, its translations, the links to other languages.

    Where the page is not translated, a language leads to that site's articles."""
    return {
        "address": absolute(path),
        "alternates": tuple(by_language(same).items()),
        "languages": languages_of(same, "articles/", lambda language: _("%(language)s: articles", language=language)),
    }


def schema_of(article: ShownArticle) -> dict[str, Any]:
    """An article for search engines: who wrote and checked it, when, and what it rests on."""
    told = {
        "@context": "https://schema.org",
        "@type": "Article",
        "headline": article.title,
        "description": article.summary,
        "url": absolute(article.path),
        "inLanguage": article.site.language_tag,
        "datePublished": article.published_at and article.published_at.isoformat(),
        "dateModified": article.changed_at.isoformat(),
        "author": person(article.author, article.byline),
        "publisher": {"@type": "Organization", "name": article.site.name, "url": absolute(article.site.path)},
        "image": absolute(article.picture.path(1280)) if article.picture else None,
        "articleSection": article.theme.name if article.theme else "",
        "commentCount": article.post_count,
        "citation": [source["url"] for source in article.sources if source.get("url")],
        "mainEntityOfPage": {
            "@type": "WebPage",
            "@id": absolute(article.path),
            "reviewedBy": person(article.reviewer, article.reviewed_by),
            "lastReviewed": article.reviewed_on and article.reviewed_on.isoformat(),
        },
    }
    return without_gaps(told)
