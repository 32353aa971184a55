"""What the staff says of a product."""

from urllib.parse import urlsplit

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectChoice, SelectField, StringField

from community.shop.words import RELATIONS
from community.web.forms import Form, at_most, filled


class RelationForm(Form):
    """What another product is to this one."""

    path = StringField(
        _l("Address of the other product"),
        [filled(_l("Type the address of a product.")), at_most(300)],
        filters=[lambda typed: urlsplit((typed or "").strip()).path],
    )
    kind = SelectField(_l("It is"), choices=[SelectChoice(kind.value, words) for kind, words in RELATIONS.items()])


class ConsumableForm(Form):
    """Whether a product is used up."""

    is_consumable = BooleanField(
        _l("It is used up, or bought more than once"),
        description=_l("Only then it is still shown to who has it."),
    )
