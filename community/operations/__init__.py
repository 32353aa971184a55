"""Running the place: members and their roles, jobs, the outbox, health and figures, the programs that serve."""
