"""The sites, and how a column names one."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import String
from sqlalchemy.types import TypeDecorator


@dataclass(frozen=True)
class Site:
    """One country and language. `is_open` says whether its pages answer."""

    code: str
    locale: str
    language: str
    language_name: str  # in its own language
    country: str
    zone: str
    currency: str
    name: str = "Community"
    is_open: bool = False

    @property
    def path(self) -> str:
        """Where the site begins."""
        return f"/{self.code}/"

    @property
    def language_tag(self) -> str:
        """How browsers and search engines name the language: `nl-BE`; the international site is for all of English."""
        return self.language if self.country == "international" else self.locale.replace("_", "-")

    def __str__(self) -> str:
        return self.code


SITES: dict[str, Site] = {
    site.code: site
    for site in (
        Site("en", "en_GB", "en", "English", "international", "Europe/London", "EUR", is_open=True),
        Site("nl", "nl", "nl", "Nederlands", "NL", "Europe/Amsterdam", "EUR", is_open=True),
        Site("be-nl", "nl_BE", "nl", "Nederlands (België)", "BE", "Europe/Brussels", "EUR"),
        Site("be-fr", "fr_BE", "fr", "Français (Belgique)", "BE", "Europe/Brussels", "EUR"),
        Site("de", "de", "de", "Deutsch", "DE", "Europe/Berlin", "EUR"),
        Site("fr", "fr", "fr", "Français", "FR", "Europe/Paris", "EUR"),
        Site("es", "es", "es", "Español", "ES", "Europe/Madrid", "EUR"),
        Site("it", "it", "it", "Italiano", "IT", "Europe/Rome", "EUR"),
    )
}
DEFAULT = SITES["en"]


class SiteColumn(TypeDecorator[Site]):
    """A column that holds a `Site`, stored by its code."""

    impl = String(8)
    cache_ok = True

    def process_bind_param(self, value: Site | None, dialect: Any) -> str | None:
        return value.code if value else None

    def process_result_value(self, value: str | None, dialect: Any) -> Site | None:
        return SITES[value] if value else None
