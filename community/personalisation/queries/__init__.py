"""What to show to whom: candidates within the hard gate, scored in parts, chosen with variety, each with its reason."""

from community.personalisation.queries.candidates import Gate, Somebody
from community.personalisation.queries.recommendations import Recommendation, most_read, recommended_for, related
from community.personalisation.queries.signals import Subject, learned_interests

__all__ = [
    "Gate",
    "Recommendation",
    "Somebody",
    "Subject",
    "learned_interests",
    "most_read",
    "recommended_for",
    "related",
]
