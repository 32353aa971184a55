"""What to show to whom, with the true reason in words."""
