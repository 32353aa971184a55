"""What can be asked of members, and who answers to it."""
