"""What is written when figures leave."""

from community.core import audit
from community.members.models import Member


def note_export(figure: str, actor: Member, arguments: dict[str, str]) -> None:
    """That somebody took the table of a figure away, and of whom it was asked."""
    audit.keep("insight.exported", f"insight:{figure}", actor.id, **arguments)
