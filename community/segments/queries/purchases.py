"""The fields that ask what somebody bought."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import func

from community.profiles.models import Standing
from community.segments.queries import asking
from community.segments.queries.asking import Values
from community.segments.queries.choices import Offer
from community.segments.queries.kinds import DAYS, SHOP, Field, Operator, a_number, named, one_of
from community.shop.models import Order, Product


def _says_bought_nothing(values: Values, offer: Offer) -> str:
    return ngettext(
        "who bought nothing of the kind %(kind)s in the last day",
        "who bought nothing of the kind %(kind)s in the last %(num)s days",
        values["days"],
        kind=offer.words("categories", values["value"]),
    )


PURCHASES: dict[str, Field] = {
    "orders": Field(
        _l("Orders"),
        SHOP,
        {
            "none": Operator(
                _l("none yet"),
                (),
                lambda v, _o: _("who did not order yet"),
                lambda _a, _v: func.coalesce(Standing.order_count, 0) == 0,
            ),
            "at_least": Operator(
                _l("at least"),
                a_number(_l("orders")),
                lambda v, _o: ngettext("who ordered", "who ordered at least %(num)s times", v["number"]),
                asking.at_least(Standing.order_count),
            ),
        },
    ),
    "spent": Field(
        _l("Amount spent"),
        SHOP,
        {
            "at_least": Operator(
                _l("at least"),
                a_number(_l("in whole euros")),
                lambda v, _o: _("who spent at least %(amount)s euros", amount=v["number"]),
                asking.at_least(Standing.spent_cents, 100),
            ),
        },
    ),
    "ordered": Field(
        _l("Last order"),
        SHOP,
        {
            "within": Operator(
                _l("in the last"),
                DAYS,
                lambda v, _o: ngettext(
                    "who ordered in the last day", "who ordered in the last %(num)s days", v["days"]
                ),
                asking.within(Standing.last_order_at),
            ),
            "before": Operator(
                _l("longer ago than"),
                DAYS,
                lambda v, _o: ngettext(
                    "whose last order was more than a day ago",
                    "whose last order was more than %(num)s days ago",
                    v["days"],
                ),
                asking.before(Standing.last_order_at),
            ),
        },
    ),
    "bought": Field(
        _l("Bought"),
        SHOP,
        {
            "product": Operator(
                _l("a product"),
                one_of("products", _l("product")),
                named(lambda name: _("who bought %(product)s", product=name), "products"),
                lambda _a, v: asking.bought(Product.id == int(v["value"])),
            ),
            "category": Operator(
                _l("something of a kind"),
                one_of("categories", _l("kind")),
                named(lambda name: _("who bought something of the kind %(kind)s", kind=name), "categories"),
                lambda _a, v: asking.bought(Product.category == v["value"]),
            ),
            "none": Operator(
                _l("nothing of a kind"),
                one_of("categories", _l("kind")),
                named(lambda name: _("who bought nothing of the kind %(kind)s", kind=name), "categories"),
                lambda _a, v: ~asking.bought(Product.category == v["value"]),
            ),
            "none_within": Operator(
                _l("nothing of a kind, in the last"),
                (*one_of("categories", _l("kind")), *DAYS),
                _says_bought_nothing,
                lambda a, v: ~asking.bought(Product.category == v["value"], Order.ordered_at >= a.ago(v["days"])),
            ),
        },
    ),
}
