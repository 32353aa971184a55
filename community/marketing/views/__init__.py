"""The marketer's desk: members, one profile, audiences, and what is wrong in what we know."""

from community.marketing.views import desk, quality, segments, watches

BLUEPRINTS = (desk.bp, segments.bp, watches.bp, quality.bp)
