"""How far members read, kept after the answer: a page never waits for it."""

from flask import Blueprint, g
from werkzeug.wrappers import Response

from community.forums.actions.ties import keep_positions
from community.forums.models import ShownTopic
from community.touchpoints.actions import Gathered
from community.touchpoints.views import gather
from community.web.access import current_member

bp = Blueprint("positions", __name__)
positions = Gathered(keep_positions)


def note_position(topic: ShownTopic, number: int, read_number: int | None) -> None:
    """Say, in a view, that its reader sees a topic up to this post; kept after the answer where that is news."""
    member = current_member()
    if member.is_member and topic.is_live and (number > (read_number or 0) or member.notice_count):
        g.read_position = {"member_id": member.id, "item_id": topic.id, "number": number}


@bp.after_app_request
def _keep_position(response: Response) -> Response:
    if "read_position" in g and response.status_code == 200:
        gather(g.pop("read_position"), positions)
    return response
