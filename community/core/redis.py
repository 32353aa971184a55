"""Redis, where a site has one: what several machines share for speed. Nothing that may not be lost stands in it."""

from functools import cache

from community.core.settings import WrongSetting

try:
    from redis import ConnectionError, ConnectionPool, Redis, RedisError
    from redis.asyncio import Redis as Listener
    from redis.backoff import NoBackoff
    from redis.retry import Retry
except ImportError:  # a site on one machine needs none
    Redis = None  # type: ignore[assignment, misc]
    RedisError = OSError  # type: ignore[assignment, misc]


@cache
def pool_of(url: str) -> "ConnectionPool":
    """This process' connections. One that broke is made anew once; a server that is away keeps nobody waiting long."""
    if Redis is None:
        raise WrongSetting("COMMUNITY_REDIS_URL needs the Python package redis, which is not installed.")
    once_more = Retry(NoBackoff(), 1, supported_errors=(ConnectionError,))
    return ConnectionPool.from_url(url, socket_connect_timeout=1, socket_timeout=2, retry=once_more)


def client_of(url: str) -> "Redis":
    """A client on these connections."""
    pool = pool_of(url)
    return Redis(connection_pool=pool)


def listener_of(url: str) -> "Listener":
    """A client for who waits and listens, with a connection of its own."""
    return Listener.from_url(url, socket_connect_timeout=1)
