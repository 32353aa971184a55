"""The audiences that the marketer keeps."""

from typing import Any

from community.demo import queries
from community.demo.actions.scene import person_of, theme_of
from community.demo.texts import Entry
from community.segments.actions import keep_segment
from community.segments.conditions import of_json
from community.segments.crossings import begin
from community.sites.models import SITES, Site


def put_segment(entry: Entry) -> bool:
    """A saved audience."""
    site = SITES[entry["site"]]
    if queries.has_segment(site, entry["name"]):
        return False
    maker = person_of(entry["who"])
    kept = keep_segment(site, maker, entry["name"], of_json(_with_themes(entry["conditions"], site)))
    if entry.get("is_watched"):
        begin(kept, "", maker)
    return True


def _with_themes(conditions: dict[str, Any], site: Site) -> dict[str, Any]:
    """The same conditions, each theme by its number on this site."""
    if "theme" in conditions:
        asked = {name: value for name, value in conditions.items() if name != "theme"}
        return {**asked, "value": str(theme_of(site, conditions["theme"]).id)}
    return {
        name: [_with_themes(part, site) for part in value] if name in ("all", "any") else value
        for name, value in conditions.items()
    }
