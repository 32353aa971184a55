"""Reads of the outbox, of notices, and of what members chose."""
