"""What a member told us: children and their stages, interests, town, words, tasks; and who may see it."""
