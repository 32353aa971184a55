"""The bell with what a member chose of it, and the way out of every mail."""

from community.messages.views import notices, unsubscribe

BLUEPRINTS = (notices.bp, unsubscribe.bp)
WITHOUT_TOKEN = (unsubscribe.unsubscribe,)  # mail programs POST it; the address is signed and gives no other right
