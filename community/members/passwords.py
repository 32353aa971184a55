"""Passwords, kept as hashes that cost whoever guesses."""

import secrets
from threading import Lock

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

# OWASP's least argon2id: 19 MiB, two passes, one lane. Tests lower it.
hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_hashing = Lock()  # one at a time in a process: each takes its memory, and a processor, for itself
NOBODYS = hasher.hash(secrets.token_urlsafe(16))


def hashed(password: str) -> str:
    """What is kept of a password."""
    with _hashing:
        return hasher.hash(password)


def fits(kept: str, password: str) -> bool:
    """Whether this is the password of which that was kept."""
    try:
        with _hashing:
            return hasher.verify(kept, password)
    except (VerifyMismatchError, InvalidHashError):
        return False
