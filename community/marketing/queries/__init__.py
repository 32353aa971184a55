"""What the marketer's desk reads."""
