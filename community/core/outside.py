"""Asking and telling other machines: public addresses only, the very ones that were checked (`security.md` 40).

No cookies, no proxy, no redirect that is not checked like the first address, a few seconds, so many bytes."""

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable
from urllib.parse import quote, urljoin, urlsplit

from community.core.refused import Refused

SECONDS = 5.0
MOST_REDIRECTS = 3
MOST_ANSWER = 64 * 1024  # of a machine that was told something
PORTS = {"http": 80, "https": 443}
MayConnect = Callable[[str, int], bool]
_WRITTEN = "/%:@!$&'()*+,;=?~"  # what stays as it is in a path and its query
_TUNNELS = [ipaddress.ip_network(net) for net in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")]


def is_public(address: str, port: int) -> bool:
    """Whether an IP address is one of the open internet, and the port one of the web's own."""
    ip = ipaddress.ip_address(address)
    ip = getattr(ip, "ipv4_mapped", None) or ip
    is_tunnel = ip.version == 6 and any(ip in net for net in _TUNNELS)
    return ip.is_global and not ip.is_multicast and not is_tunnel and port in PORTS.values()


def fetch(url: str, most_bytes: int, may_connect: MayConnect = is_public) -> bytes:
    """What stands at an address; `Refused` says in words why it was not fetched."""
    deadline = time.monotonic() + SECONDS
    for _ in range(MOST_REDIRECTS + 1):
        try:
            status, content, location = _one(url, most_bytes, may_connect, deadline)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise Refused(f"It could not be fetched ({type(error).__name__}).") from error
        if status == 200:
            return content
        if status not in (301, 302, 303, 307, 308) or not location:
            raise Refused(f"The other machine answered {status}.")
        url = urljoin(url, location)
    raise Refused("It was sent on too many times.")


def tell(url: str, content: bytes, headers: dict[str, str], may_connect: MayConnect = is_public) -> None:
    """Bring some JSON to an address; `Refused` says in words why it was not taken. It is sent on to no other one."""
    told = {**headers, "Content-Type": "application/json"}
    try:
        status, _content, _location = _one(url, MOST_ANSWER, may_connect, time.monotonic() + SECONDS, content, told)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Refused(f"It could not be told ({type(error).__name__}).") from error
    if not 200 <= status < 300:
        raise Refused(f"The other machine answered {status}.")


def _one(
    url: str,
    most_bytes: int,
    may_connect: MayConnect,
    deadline: float,
    told: bytes | None = None,
    headers: dict[str, str] | None = None,
) -> tuple[int, bytes, str]:
    """One request: its status, its content where that is wanted, and where it sends us on; a POST where it tells."""
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname or parts.username:
        raise Refused("Only addresses with http or https are fetched.")
    connection = http.client.HTTPConnection(parts.hostname)
    connection.sock = _connected(parts.scheme, parts.hostname, parts.port or PORTS[parts.scheme], may_connect, deadline)
    watchdog = threading.Timer(_left(deadline), _cut, [connection.sock])
    watchdog.start()
    try:
        path = quote(f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}", safe=_WRITTEN)
        own = {"Host": parts.netloc, "User-Agent": "Community", "Connection": "close"}
        connection.request("GET" if told is None else "POST", path, told, {**own, **(headers or {})})
        response = connection.getresponse()
        if response.status != 200:
            return response.status, b"", response.headers.get("Location", "")
        content = response.read(most_bytes + 1)
        if len(content) > most_bytes:
            raise Refused(f"It is larger than {most_bytes // 1024**2} MB.")
        _left(deadline)
        return 200, content, ""
    finally:
        watchdog.cancel()
        connection.close()


def _connected(scheme: str, host: str, port: int, may_connect: MayConnect, deadline: float) -> socket.socket:
    """A connection to an address that was looked up once, checked, and is not looked up again."""
    found = [entry[4][0] for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not found or not all(may_connect(str(address), port) for address in found):
        raise Refused("Its address is not one of the open internet.")
    plain = socket.create_connection((str(found[0]), port), timeout=_left(deadline))
    if scheme == "http":
        return plain
    return ssl.create_default_context().wrap_socket(plain, server_hostname=host)


def _cut(sock: socket.socket) -> None:
    """End a conversation that takes too long, however slowly it goes on."""
    with contextlib.suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)


def _left(deadline: float) -> float:
    """Seconds that are left; an error where none are."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
