"""What readers and editors of articles fill in."""
