"""What a page tells machines: whole addresses, and people in the words of schema.org."""

from typing import Any

from flask import current_app


def absolute(path: str) -> str:
    """A path with the site's configured address before it."""
    return f"{current_app.config['BASE_URL']}{path}"


def person(member: Any, name: str | None) -> dict[str, Any] | None:
    """Somebody who wrote or checked something, by the name that stands there; none where there is no name."""
    if not name:
        return None
    has_page = member is not None and bool(member.username)
    return without_gaps(
        {
            "@type": "Person",
            "name": name,
            "jobTitle": member.title if member else "",
            "url": absolute(member.path) if has_page else None,
        }
    )


def without_gaps(told: dict[str, Any]) -> dict[str, Any]:
    """Only what is filled."""
    filled = {name: without_gaps(value) if isinstance(value, dict) else value for name, value in told.items()}
    return {name: value for name, value in filled.items() if value not in (None, "", [], {})}
