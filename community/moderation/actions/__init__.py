"""What a post goes through: screened, reported, decided about."""
