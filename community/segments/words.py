"""How a tree of conditions reads, and what is wrong with one that cannot be asked."""

from flask_babel import gettext as _

from community.segments.conditions import DEEPEST, MOST, Clause, Group, Tree, clauses_of, depth_of
from community.segments.queries.choices import Offer
from community.segments.queries.fields import operator_of
from community.segments.queries.kinds import Input
from community.sites.models import Site


def sentence(tree: Tree, site: Site, offer: Offer) -> str:
    """The whole audience in words: "Members of Nederlands who ..., and who ..."."""
    whole = Group((tree,)) if isinstance(tree, Clause) or tree.is_not else tree
    if not whole.parts:
        return _("All members of %(site)s", site=site.language_name)
    return _("Members of %(site)s %(who)s", site=site.language_name, who=_joined(whole, offer))


def mistake_in(clause: Clause, offer: Offer) -> str:
    """What is wrong with one clause, in words; nothing where it can be asked."""
    operator = operator_of(clause.field, clause.operator)
    if operator is None:
        return _("Choose how to ask this.")
    wrong = next((words for asked in operator.inputs if (words := _mistake_of(asked, clause, offer))), "")
    if not wrong and clause.values.get("low", 0) > clause.values.get("high", clause.values.get("low", 0)):
        return _("The first number must not be larger than the second.")
    return wrong


def mistake_of(tree: Tree, offer: Offer) -> str:
    """What is wrong with a whole tree; nothing where it can be asked."""
    clauses = list(clauses_of(tree))
    if len(clauses) > MOST or depth_of(tree) > DEEPEST:
        return _("This is more than one audience can ask: take some conditions away.")
    return next((words for clause in clauses if (words := mistake_in(clause, offer))), "")


def _mistake_of(asked: Input, clause: Clause, offer: Offer) -> str:
    value = clause.values.get(asked.name)
    if asked.choices:
        return "" if value in offer.lists[asked.choices] else _("Choose one of the list.")
    if not isinstance(value, int) or not asked.least <= value <= asked.most:
        return _("Write a whole number from %(least)s to %(most)s.", least=asked.least, most=asked.most)
    return ""


def _phrase(tree: Tree, offer: Offer) -> str:
    if isinstance(tree, Group):
        words = _joined(tree, offer)
        words = words if len(tree.parts) < 2 else f"({words})"
    else:
        operator = operator_of(tree.field, tree.operator)
        words = operator.says(tree.values, offer) if operator else _("who answer to something that is gone")
    return _("who are not among those %(who)s", who=words) if tree.is_not else words


def _joined(group: Group, offer: Offer) -> str:
    phrases = [_phrase(part, offer) for part in group.parts]
    return (_(", or ") if group.is_any else _(", and ")).join(phrases)
