"""What one product is to another, in words."""

from flask_babel import lazy_gettext as _l

from community.shop.models import RelationKind

RELATIONS = {
    RelationKind.CROSS: _l("Goes with it"),
    RelationKind.DEEP: _l("More or larger, for the same need"),
    RelationKind.UP: _l("The better one"),
}
