"""What to show to whom: candidates within the hard gate, scored in parts, chosen with variety, each with its reason."""

from community.personalisation.queries.candidates import Gate
from community.personalisation.queries.recommendations import Recommendation, most_read, recommended_for, related
from community.personalisation.queries.signals import learned_interests

__all__ = ["Gate", "Recommendation", "learned_interests", "most_read", "recommended_for", "related"]
