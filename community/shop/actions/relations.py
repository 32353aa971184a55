"""What the staff says of products: what goes with what, and what is used up."""

from flask_babel import gettext as _

from community.core import audit, generation
from community.core.db import db
from community.core.refused import Refused
from community.members.models import Member
from community.shop.models import Product, ProductRelation, RelationKind
from community.shop.queries import relations as queries


def relate(product: Product, path: str, kind: RelationKind, actor: Member) -> ProductRelation:
    """Offer the product at this address beside another one from now on; said again, as something else."""
    other = queries.product_at_path(product.site, path)
    if other is None or other.id == product.id:
        raise Refused(_("%(path)s leads to no other product of this site.", path=path), "path")
    relation = queries.relation_between(product.id, other.id)
    if relation is None:
        relation = ProductRelation(product_id=product.id, other_id=other.id)
        db.session.add(relation)
    relation.kind, relation.is_from_file = kind.value, False
    relation.together_count = queries.people_with_both(product.id, other.id)
    audit.keep("product.related", product.key, actor.id, other=other.key, kind=kind.value)
    generation.changed(product.site.code)
    return relation


def part(relation: ProductRelation, product: Product, actor: Member) -> None:
    """They go with each other no more."""
    audit.keep("product.parted", product.key, actor.id, other=f"product:{relation.other_id}")
    db.session.delete(relation)
    generation.changed(product.site.code)


def set_consumable(product: Product, is_consumable: bool, actor: Member) -> None:
    """Whether it is used up, so that who has it may be offered it again."""
    product.is_consumable = is_consumable
    audit.keep("product.consumable", product.key, actor.id, is_consumable=is_consumable)
    generation.changed(product.site.code)
