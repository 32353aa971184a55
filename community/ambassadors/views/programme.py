"""`/<site>/ambassadors/`: what ambassadors do, what it gives, and who helped most."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, g

from community.ambassadors import policy
from community.ambassadors.forms import PlainForm
from community.ambassadors.queries import people as queries
from community.ambassadors.views import words
from community.core import clock
from community.web.access import current_member, everyone
from community.web.answers import page
from community.web.cache import shared_page

bp = Blueprint("ambassadors", __name__)
ON_BOARD = 10


@bp.get("/<site:site>/ambassadors/")
@everyone
@shared_page
def programme() -> Any:
    """The rules with their numbers, and the board of those who chose to stand on it."""
    reader = current_member()
    found = queries.ambassador_of(reader.id) if reader.is_member else None
    return page(
        "ambassadors/programme.html",
        join_form=PlainForm(formdata=None) if reader.is_member else None,
        is_ambassador=found is not None and found.left_at is None,
        board=queries.board_of(g.site, clock.now() - timedelta(days=policy.BOARD_DAYS), ON_BOARD),
        rules=policy.RULES.values(),
        tiers=policy.TIERS.items(),
        hours=int(policy.WAITS.total_seconds()) // 3_600,
        from_one_person=policy.FROM_ONE_PERSON,
        days=policy.BOARD_DAYS,
        words=words,
    )
