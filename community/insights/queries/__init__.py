"""What the figures are counted from, the figures, and the members behind each number."""
