"""Which sites there are."""

from community.sites.models import DEFAULT, SITES, Site


def open_sites() -> list[Site]:
    """The sites whose pages answer."""
    return [site for site in SITES.values() if site.is_open]


def open_site(code: str | None) -> Site | None:
    """The open site of this code, if there is one."""
    site = SITES.get(code or "")
    return site if site and site.is_open else None


def site_for_languages(accepted: list[str]) -> Site:
    """The open site of the first language that a browser asks for and we speak."""
    for language in accepted:
        wanted = language.lower()
        for site in open_sites():
            if wanted == site.code or wanted.split("-")[0] == site.language:
                return site
    return DEFAULT
