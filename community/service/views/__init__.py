"""Pages of the service: for who asks, and for who answers."""

from community.service.views import contact, desk

BLUEPRINTS = (contact.bp, desk.bp)
