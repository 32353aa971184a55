"""The pages of the room: what the public reads and writes, the calendar, feeds, and the studio."""

from community.articles.views import calendar, feeds, public, studio

BLUEPRINTS = (public.bp, calendar.bp, feeds.bp, studio.bp)
