"""Keeping the talk safe and kind: what is written is screened before it is live, and a moderator can hide it."""
