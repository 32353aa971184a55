"""The room articles, from outside."""
