"""What the staff says of a slot, and of an experiment."""

from typing import Any
from urllib.parse import urlsplit

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, SelectChoice, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import NumberRange, Optional
from wtforms.widgets import CheckboxInput

from community.core.refused import Refused
from community.personalisation.queries import plans
from community.personalisation.slots import KINDS, Rules
from community.personalisation.words import KINDS as KIND_WORDS
from community.personalisation.words import PARTS
from community.shop.words import RELATIONS
from community.sites.models import Site
from community.web.forms import Form, at_most, filled, required

MOST_ITEMS, MOST_PINS = 12, 6
LARGEST_SHARE = 50


def _number(label: object, lowest: int, highest: int, **more: Any) -> IntegerField:
    within = NumberRange(lowest, highest, _l("A number from %(min)s to %(max)s."))
    need = Optional() if lowest == 0 else required(_l("Say how many."))
    return IntegerField(label, [need, within], render_kw={"min": lowest, "max": highest}, **more)


def _of_kind(kind: str) -> IntegerField:
    return _number(KIND_WORDS[kind], 0, MOST_ITEMS)


def _percent(label: object, usual: int) -> IntegerField:
    return _number(label, 1, LARGEST_SHARE, default=usual)


class RulesForm(Form):
    """How a slot is filled."""

    count = _number(_l("Number of items"), 1, MOST_ITEMS)
    least_article, most_article = _of_kind("article"), _of_kind("article")
    least_topic, most_topic = _of_kind("topic"), _of_kind("topic")
    least_blogpost, most_blogpost = _of_kind("blogpost"), _of_kind("blogpost")
    least_product, most_product = _of_kind("product"), _of_kind("product")
    least_review, most_review = _of_kind("review"), _of_kind("review")
    parts = SelectMultipleField(
        _l("Only for these reasons"),
        choices=[SelectChoice(part, words) for part, words in PARTS.items()],
        option_widget=CheckboxInput(),
        description=_l("An item comes where one of these speaks for it most. None ticked: for any reason."),
    )
    relations = SelectMultipleField(
        _l("Products that go with something"),
        choices=[SelectChoice(kind, words) for kind, words in RELATIONS.items()],
        option_widget=CheckboxInput(),
        description=_l("With the product on the page, then with what a member bought who wants offers that fit."),
    )
    pins = TextAreaField(
        _l("Pinned"),
        [at_most(2_000)],
        description=_l("Addresses of pages here, one on each line. They come first, to whomever they may come."),
        render_kw={"rows": 3},
    )
    goes_by_chance = BooleanField(
        _l("Now and then by chance"),
        description=_l("In one list of 50 a place goes to something else that fits, so that new things are seen."),
    )

    def show(self, rules: Rules, paths: list[str]) -> None:
        """Begin with these rules; `paths` are the addresses of the pins."""
        self.count.data, self.parts.data = rules.count, list(rules.parts)
        self.relations.data = list(rules.relations)
        self.pins.data, self.goes_by_chance.data = "\n".join(paths), rules.goes_by_chance
        for kind in KINDS:
            self.least(kind).data, self.most(kind).data = rules.least.get(kind), rules.most.get(kind)

    def rules(self, site: Site) -> Rules:
        """What was said, as rules; Refused where they contradict each other or an address leads to nothing."""
        most = {kind: self.most(kind).data for kind in KINDS if self.most(kind).data is not None}
        least = {kind: self.least(kind).data for kind in KINDS if self.least(kind).data}
        count, parts = self.count.data or 1, tuple(self.parts.data or ())
        if sum(least.values()) > count:
            raise Refused(_("Together these are more than the number of items."), f"least_{max(least)}")
        for kind in least.keys() & most.keys():
            if least[kind] > most[kind]:
                raise Refused(_("This is more than at most may come."), f"least_{kind}")
        relations, pins = tuple(self.relations.data or ()), self._pins(site)
        return Rules(count, most, least, parts, pins, relations, bool(self.goes_by_chance.data))

    def least(self, kind: str) -> Any:
        """The field for how many of a kind come at least."""
        return self[f"least_{kind}"]

    def most(self, kind: str) -> Any:
        """And for how many at most."""
        return self[f"most_{kind}"]

    def _pins(self, site: Site) -> tuple[int, ...]:
        lines = (self.pins.data or "").split("\n")
        paths = list(dict.fromkeys(urlsplit(line.strip()).path for line in lines if line.strip()))
        if len(paths) > MOST_PINS:
            raise Refused(_("Please pin no more than %(count)s.", count=MOST_PINS), "pins")
        found = plans.items_at(site, paths)
        lost = next((path for path in paths if path not in found), None)
        if lost is not None:
            raise Refused(_("%(path)s leads to nothing that everybody may see.", path=lost), "pins")
        return tuple(found[path] for path in paths)


class ExperimentForm(RulesForm):
    """Another way to fill a slot, and who sees it."""

    name = StringField(_l("What do you want to know?"), [filled(_l("Give it a name.")), at_most(120)])
    percent = _percent(_l("Of 100 persons, so many see it"), LARGEST_SHARE)


class HoldoutForm(Form):
    """Who sees what is read most instead."""

    percent = _percent(_l("Of 100 persons, so many see what is read most"), 5)
