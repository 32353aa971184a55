"""Where the studio is mounted, and what each of its pages asks first."""

from flask import Blueprint, abort, g

from community.articles import policy
from community.articles.models import Article
from community.articles.queries import desk
from community.sites.models import Site
from community.web.access import current_member

bp = Blueprint("studio", __name__, url_prefix="/studio")


def own_sites() -> list[Site]:
    """The sites where the reader writes."""
    return policy.sites_of(current_member())


def own_article(article_id: int) -> Article:
    """The article, where the reader writes at its site; else there is nothing here."""
    article = desk.article_by_id(article_id, own_sites())
    if article is None:
        abort(404)
    return article


def own_site(code: str | None) -> Site:
    """The site of this code, else the reader's present one, else the first, of those where the reader writes."""
    sites = own_sites()
    wanted = code or (g.site if g.site in sites else next(iter(sites), None))
    site = next((site for site in sites if str(site) == str(wanted)), None)
    if site is None:
        abort(404)
    return site
