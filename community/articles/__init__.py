"""What editors publish: themes, articles with comments, the calendar, feeds, and the studio where they are made."""
