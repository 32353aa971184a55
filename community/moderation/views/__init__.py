"""The pages of reporting and of the moderators' desk."""

from community.moderation.views import desk, log, reports, reveal, words

BLUEPRINTS = (reports.bp, desk.bp, log.bp, words.bp, reveal.bp)
