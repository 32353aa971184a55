"""The programme for all, an ambassador's own page, the links that friends follow, and the desk of the staff."""

from community.ambassadors.views import desk, links, own, programme

BLUEPRINTS = (programme.bp, own.bp, links.bp, desk.bp)
