"""Everything in one folder, consistent while the site runs, and back from it: database, pictures, settings, digests."""
