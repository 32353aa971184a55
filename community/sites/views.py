"""The site of a request: named once, by the address; else by `?site=`, the member, the cookie, the browser."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from flask import Flask, current_app, g, request
from flask_babel import Babel
from werkzeug.routing import BaseConverter, ValidationError

from community.sites.models import Site
from community.sites.queries import open_site, open_sites, site_for_languages
from community.web.access import current_member

COOKIE = "site"
A_YEAR = 365 * 86_400


class Language(NamedTuple):
    """A language in the list at the foot of a page, and where it leads."""

    tag: str
    name: str
    path: str
    is_current: bool


class SiteConverter(BaseConverter):
    """The first part of a public address: an open site, else the address is not ours."""

    regex = "[a-z]{2}(?:-[a-z]{2})?"

    def to_python(self, value: str) -> Site:
        site = open_site(value)
        if site is None:
            raise ValidationError
        return site

    def to_url(self, value: Any) -> str:
        return str(value)


def init_app(app: Flask) -> None:
    """Take the site from the address, give it to `url_for`, and let it choose language and time zone."""
    app.url_map.converters["site"] = SiteConverter
    app.url_value_preprocessor(_take_site)
    app.url_defaults(_give_site)
    app.before_request(_choose_site)
    Babel(
        app,
        locale_selector=lambda: getattr(g, "site", None) and g.site.locale,
        timezone_selector=lambda: getattr(g, "site", None) and g.site.zone,
    )


def language_of(site: Site, path: str, name: str = "") -> Language:
    """The language of a site, by its own name where it leads to the same page."""
    return Language(site.locale.replace("_", "-"), name or site.language_name, path, site == g.site)


def languages_of(same: Mapping[Site, str], room: str, named: Callable[[str], str]) -> tuple[Language, ...]:
    """Each open site with the address of the same page there; where it has none, its `room`, by a name that says so."""
    return tuple(
        language_of(site, same[site])
        if site in same
        else language_of(site, f"{site.path}{room}", named(site.language_name))
        for site in open_sites()
    )


def languages_here() -> tuple[Language, ...]:
    """Each open site with the address of the same page there; its front page where an address names a row by id."""
    path = request.path
    rest = path.split("/", 2)[2] if open_site(path.split("/")[1] if "/" in path else "") else None
    if rest and any(name.endswith("_id") for name in request.view_args or ()):
        rest = ""
    return tuple(
        language_of(site, f"/{site.code}/{rest}" if rest is not None else f"{path}?site={site.code}")
        for site in open_sites()
    )


def _take_site(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    if values and isinstance(values.get("site"), Site):
        g.site = values.pop("site")


def _give_site(endpoint: str, values: dict[str, Any]) -> None:
    if "site" not in values and current_app.url_map.is_endpoint_expecting(endpoint, "site"):
        values["site"] = g.site


def _choose_site() -> None:
    """For addresses without a site; those with one have set it already."""
    if "site" in g:
        return
    accepted = [language for language, _quality in request.accept_languages]
    g.site = (
        open_site(request.path.split("/")[1])  # an address below a site that leads nowhere
        or open_site(request.args.get("site"))
        or open_site(str(getattr(current_member(), "site", "") or ""))
        or open_site(request.cookies.get(COOKIE))
        or site_for_languages(accepted)
    )
