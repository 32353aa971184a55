"""What members and moderators do on boards."""
