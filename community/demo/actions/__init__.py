"""Playing the demonstration into the rooms."""
