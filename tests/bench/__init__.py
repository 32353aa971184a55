"""`make bench`: how fast the pages are, each beside a bare Flask page on the same server, in one run."""
