"""One box over every kind of item: the index, its one writer, and the page."""
