"""The pages of reporting, of the moderators' desk, and of whom its decisions are about."""

from community.moderation.views import appeals, decisions, desk, log, people, reports, reveal, words

BLUEPRINTS = (reports.bp, desk.bp, appeals.bp, people.bp, decisions.bp, log.bp, words.bp, reveal.bp)
