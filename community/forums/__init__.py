"""Boards and club pages, the topics on them, and the posts that answer."""
