"""Members' own blogs: posts with an audience each, comments, feeds."""
