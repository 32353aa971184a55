"""Ready-made audiences to begin with: what happens in a community and may deserve an answer."""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from community.segments.conditions import Clause, Group
from community.segments.queries.choices import Offer


@dataclass(frozen=True)
class Start:
    """An audience that a marketer adjusts; a `value` names the list to choose of."""

    name: Any
    clauses: tuple[Clause, ...]

    def tree_for(self, offer: Offer) -> Group:
        """With the first subject and the first kind that a site has, where it asks for one."""
        return Group(tuple(_chosen(clause, offer) for clause in self.clauses))


STARTS = {
    "unanswered": Start(
        _l("A question waits for an answer"), (Clause("unanswered", "waits", {"hours": 24, "days": 7}),)
    ),
    "reading": Start(
        _l("Reads about a subject, and bought nothing"),
        (
            Clause("read", "things", {"value": "themes", "number": 3, "days": 7}),
            Clause("bought", "none", {"value": "categories"}),
            Clause("muted", "no", {"value": "themes"}),
        ),
    ),
    "first_story": Start(_l("Wrote a first story"), (Clause("first_story", "within", {"days": 7}),)),
    "helped": Start(_l("An answer of theirs helped"), (Clause("helped", "within", {"days": 7}),)),
    "stars": Start(_l("Was not content with a product"), (Clause("stars", "at_most", {"stars": 2, "days": 14}),)),
    "month": Start(_l("The club is nine months old"), (Clause("month", "club", {"month": 9}),)),
    "featured": Start(_l("Editors show a story of theirs"), (Clause("featured", "within", {"days": 7}),)),
}


def _chosen(clause: Clause, offer: Offer) -> Clause:
    choices = offer.lists.get(clause.values.get("value", ""), {})
    first = {"value": next(iter(choices), "")} if "value" in clause.values else {}
    return Clause(clause.field, clause.operator, {**clause.values, **first})
