"""A person's own pages: register, sign in, what we know about you, consent, the one stop, the public profile."""
