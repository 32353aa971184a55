"""The data dumps of Stack Exchange: how they are read, and what their rows mean here."""
