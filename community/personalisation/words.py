"""How slots, kinds and reasons are called on the desk, and a slot's rules as a sentence."""

from flask_babel import format_percent, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from community.personalisation.engine.blend import Blend
from community.personalisation.engine.scoring import Weights
from community.personalisation.persona import Stage
from community.personalisation.slots import ONE_LIST_IN, Rules, Slot
from community.shop.words import RELATIONS

SLOTS = {
    Slot.HOME: _l("A member's own page"),
    Slot.FRONT: _l("Front page, for a visitor who read something"),
    Slot.ARTICLE: _l("End of an article"),
    Slot.CALENDAR: _l("Week or month of the calendar"),
    Slot.TOPIC: _l("Beside a conversation"),
    Slot.PRODUCT: _l("Under a product"),
    Slot.MAIL: _l("Weekly letter"),
    Slot.LEAFLET: _l("Leaflet at the till"),
}
KINDS = {
    "article": _l("Articles"),
    "topic": _l("Conversations"),
    "blogpost": _l("Stories of members"),
    "product": _l("Products"),
    "review": _l("Reviews"),
}
# By the names that the parts of a score have.
PARTS = {
    "stage": _l("It fits the week or age"),
    "chosen": _l("The member chose the subject"),
    "learned": _l("The member read about the subject"),
    "theme": _l("It has the same theme"),
    "next": _l("Readers of the same read it next"),
    "beside": _l("Readers of the same read it too"),
    "near": _l("It has the readers of what was read of late"),
    "taste": _l("It has the readers of all that was read"),
    "peers": _l("Parents at the same time read it"),
    "popular": _l("It is read much"),
    "lasting": _l("It has been read for long"),
    "newcomers": _l("It is what people read first"),
    "fresh": _l("It is new"),
}
# By what one product is to another: to the one on the page, and to one that was bought.
GOES_WITH_THIS = {
    "cross": _l("It goes with this."),
    "deep": _l("It is more of this, or larger."),
    "up": _l("It is the better one."),
}
GOES_WITH_YOURS = {
    "cross": _l("It goes with your “%(product)s”."),
    "deep": _l("It is more, or larger, than your “%(product)s”."),
    "up": _l("It is a better one than your “%(product)s”."),
}
TIERS = (_l("Who read little"), _l("Who read some"), _l("Who read much"))
MOST_NAMED = 4
STAGES = {
    Stage.NOTHING: _l("told nothing of children"),
    Stage.WEEK: _l("is in this week of pregnancy"),
    Stage.MONTH: _l("has a child of so many months"),
    Stage.CHANGED: _l("told us that something changed"),
}


def weights_in_words(blend: Blend) -> list[tuple[str, str]]:
    """For each tier of readers: who, and what weighs most for them, in hundredths of all."""
    return [(str(who), _shares(weights)) for who, weights in zip(TIERS, blend.tiers, strict=True)]


def _shares(weights: Weights) -> str:
    total = sum(weights.values()) or 1
    most = sorted(weights, key=lambda part: -weights[part])[:MOST_NAMED]
    return "; ".join(f"{PARTS[part]} {format_percent(weights[part] / total)}" for part in most)


def sentence(rules: Rules) -> str:
    """What the rules of a slot say."""
    said = [ngettext("%(num)s item", "%(num)s items", rules.count)]
    if rules.is_plain:
        said.append(_("what is read most, for everybody"))
    said += [
        _("at most %(count)s of: %(kind)s", count=count, kind=str(KINDS[kind]).lower())
        for kind, count in rules.most.items()
        if kind in KINDS
    ]
    said += [
        _("at least %(count)s of: %(kind)s", count=count, kind=str(KINDS[kind]).lower())
        for kind, count in rules.least.items()
        if kind in KINDS
    ]
    if rules.parts:
        named = [str(words) for part, words in PARTS.items() if part in rules.parts]
        said.append(_("only where: %(reasons)s", reasons=_(" or ").join(named)))
    if rules.relations:
        named = [str(words) for kind, words in RELATIONS.items() if kind in rules.relations]
        said.append(_("first what goes with a product: %(kinds)s", kinds=_(" or ").join(named)))
    if rules.pins:
        said.append(ngettext("%(num)s pinned", "%(num)s pinned", len(rules.pins)))
    if rules.goes_by_chance and not rules.is_plain:
        said.append(_("in one list of %(number)s a place goes by chance", number=ONE_LIST_IN))
    return "; ".join(said)
