"""What a member's own home and the front page of a site show."""
