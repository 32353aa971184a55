"""Completion of names while somebody writes."""

from typing import Any

from flask import Blueprint, jsonify, request

from community.core.permissions import Permission
from community.forums.queries.mentions import people_like
from community.web.access import current_member, needs
from community.web.limits import count
from community.web.numbering import asked_number

bp = Blueprint("mentions", __name__, url_prefix="/<site:site>/forums")
SHORTEST, LONGEST = 2, 40


@bp.get("/people")
@needs(Permission.POST_WRITE)
def people() -> Any:
    """Members whose name begins with `q`, those who write in `topic` first."""
    words = request.args.get("q", "").strip()
    if not SHORTEST <= len(words) <= LONGEST:
        return jsonify(people=[])
    count("people")
    found = people_like(words, asked_number("topic"), current_member())
    return jsonify(people=[{"name": person.name, "username": person.username} for person in found])
