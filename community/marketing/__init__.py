"""The marketer's desk: one profile a member, their phase with its reasons, and saved segments."""
