"""The marketer's desk: members, one profile, audiences, and what is wrong in what we know."""

from community.marketing.views import desk, messages, quality, segments, watches

BLUEPRINTS = (desk.bp, segments.bp, watches.bp, messages.bp, quality.bp)
