"""What can be done with articles, their comments and the calendar."""
