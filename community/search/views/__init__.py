"""The page of the one box, and the desk of those who teach it."""

from community.search.views import desk, page

BLUEPRINTS = (page.bp, desk.bp)
