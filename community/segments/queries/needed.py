"""What an audience must know of its members, which they may withhold from it."""

from community.members.ledger import DataKind
from community.segments.conditions import Tree, clauses_of

# What a field needs to know of a member; those that are not named need nothing that can be withheld.
KINDS = {
    "week": DataKind.STAGE,
    "age": DataKind.STAGE,
    "children": DataKind.STAGE,
    "club": DataKind.STAGE,  # it is named for the month of birth
    "month": DataKind.STAGE,
    "interest": DataKind.INTERESTS,
    "muted": DataKind.INTERESTS,
    "phase": DataKind.READING,
    "stage": DataKind.READING,
    "contacts": DataKind.READING,
    "last_contact": DataKind.READING,
    "read": DataKind.READING,
    "written": DataKind.READING,
    "reviews": DataKind.READING,
    "unanswered": DataKind.READING,
    "first_story": DataKind.READING,
    "helped": DataKind.READING,
    "stars": DataKind.READING,
    "featured": DataKind.READING,
    "orders": DataKind.ORDERS,
    "spent": DataKind.ORDERS,
    "ordered": DataKind.ORDERS,
    "bought": DataKind.ORDERS,
}


def kinds_of(tree: Tree) -> set[DataKind]:
    """All that an audience needs to know of its members."""
    return {KINDS[clause.field] for clause in clauses_of(tree) if clause.field in KINDS}
