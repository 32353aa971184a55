"""What only this site can make: a digest under its secret key, so that the database alone opens nothing."""

import hmac

_key = b""


def use_key(key: str) -> None:
    """The site's secret key."""
    global _key
    _key = key.encode()


def seal(purpose: str, words: str) -> bytes:
    """The digest of words for one purpose; another purpose gives another one."""
    return hmac.digest(_key, f"{purpose}\n{words}".encode(), "sha256")
