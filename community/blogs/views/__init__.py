"""Pages of blogs: for who reads, and for who writes."""

from community.blogs.views import own, public

BLUEPRINTS = (public.bp, own.bp)
