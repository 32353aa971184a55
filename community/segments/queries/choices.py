"""What a site offers to choose from: themes, clubs, categories and products, by the value that a clause keeps."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from community.core.db import db
from community.groups.models import Group
from community.items.models import State, Tag
from community.members.models import Purpose
from community.profiles.words import PHASES, STAGES
from community.shop.models import Product
from community.sites.models import Site

MOST_PRODUCTS = 500
PURPOSES = {
    Purpose.PERSONALISATION: _l("choosing what they see"),
    Purpose.ANALYTICS: _l("being counted in figures"),
    Purpose.MAIL: _l("mail"),
    Purpose.OFFERS: _l("offers that fit them"),
}


@dataclass(frozen=True)
class Offer:
    """The words for each value that may be chosen, by the name of the list."""

    lists: Mapping[str, Mapping[str, str]]

    def words(self, name: str, value: object) -> str:
        """What a value is called; what is gone says so."""
        return str(self.lists.get(name, {}).get(str(value), _("something that is gone")))


def offer_of(site: Site) -> Offer:
    """All lists of a site: four statements, whatever is asked."""
    themes = select(Tag.id, Tag.name).where(Tag.site == site, Tag.is_theme.is_(True)).order_by(Tag.name)
    clubs = select(Group.id, Group.month).where(Group.site == site).order_by(Group.month)
    live = Product.site == site, Product.state == State.LIVE
    categories = select(Product.category).where(*live, Product.category != "").distinct().order_by(Product.category)
    products = select(Product.id, Product.title).where(*live).order_by(Product.title).limit(MOST_PRODUCTS)
    return Offer(
        {
            "themes": {str(number): name for number, name in db.session.execute(themes)},
            "clubs": {str(number): month for number, month in db.session.execute(clubs)},
            "categories": {name: name for name in db.session.scalars(categories)},
            "products": {str(number): title for number, title in db.session.execute(products)},
            "purposes": {purpose.value: str(name) for purpose, name in PURPOSES.items()},
            "phases": {phase.value: str(name) for phase, name in PHASES.items()},
            "stages": {stage.value: str(name) for stage, name in STAGES.items()},
        }
    )
