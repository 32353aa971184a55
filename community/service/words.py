"""How the service names what somebody asks about."""

from flask_babel import gettext as _

from community.items.models import Post
from community.members.models import Member
from community.moderation.policy import Said, Thing
from community.shop.models import Order


def label_of(about: Order | Thing) -> str:
    """An order by its number, a person by the name, what was said by the title of what it stands under."""
    if isinstance(about, Order):
        return _("Order %(number)s", number=about.number)
    if isinstance(about, Member):
        return about.name
    if isinstance(about, Said):
        return str(about.place.title)
    return about.item.title if isinstance(about, Post) else about.title
