"""The forms of the desk: ways to say the same, and what comes first."""

from flask_babel import lazy_gettext as _l
from wtforms import SelectChoice, SelectField, StringField

from community.search.documents import LONGEST
from community.sites.models import Site
from community.web.forms import Form, at_most, filled


class SynonymForm(Form):
    """Ways to say the same."""

    words = StringField(
        _l("Ways to say the same"),
        [filled(_l("Type at least two ways to say it.")), at_most(300)],
        description=_l("With a comma between them: “pre-eclampsia, toxaemia”. Brands too."),
    )
    site = SelectField(_l("Site"), choices=[])

    def offer(self, sites: list[Site]) -> None:
        """The sites that this editor writes for."""
        self.site.choices = _choices(sites)


class PromotionForm(Form):
    """What comes first for some words."""

    asked = StringField(_l("For the words"), [filled(_l("Type the words.")), at_most(LONGEST)])
    path = StringField(
        _l("Address of the page"),
        [filled(_l("Type the address of a page.")), at_most(200)],
        description=_l("As it stands after our name: “/en/articles/first-kicks”."),
    )
    at_site = SelectField(_l("Site"), choices=[])

    def offer(self, sites: list[Site]) -> None:
        """The sites that this editor writes for."""
        self.at_site.choices = _choices(sites)


def _choices(sites: list[Site]) -> list[SelectChoice]:
    return [SelectChoice(site.code, site.language_name) for site in sites]
