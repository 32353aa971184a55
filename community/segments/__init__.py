"""Audiences: trees of conditions over what we know of members, told as sentences and asked as queries."""
