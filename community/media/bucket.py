"""Picture files in a bucket of object storage that speaks S3; nobody but us reads there.

Its client may not have been used before a process divides: its threads stay behind. So `flask serve` asks nothing."""

import errno
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cached_property, partial
from typing import Any, NoReturn, TypeVar
from urllib.parse import parse_qsl, unquote, urlsplit

from community.core.aids import Aid
from community.core.settings import WrongSetting

try:
    from obstore.store import S3Store
except ImportError:  # a site whose pictures lie in a folder needs none
    S3Store = None  # type: ignore[assignment, misc]

SHAPE = "COMMUNITY_MEDIA_URL is a folder, or s3://key:secret@bucket/prefix?endpoint=https://…&region=…"
TIMES = {"connect_timeout": "2s", "timeout": "10s"}
ONCE_MORE: Any = {"max_retries": 1, "retry_timeout": timedelta(seconds=10)}
Answer = TypeVar("Answer")


class Bucket:
    """Each file an object under the prefix. While the storage is away, a page is told so at once (`aids`)."""

    def __init__(self, url: str) -> None:
        if S3Store is None:
            raise WrongSetting("COMMUNITY_MEDIA_URL=s3://… needs the Python package obstore, which is not installed.")
        self._bucket, self._prefix, self._options = _read(url)
        self._place = f"s3://{self._bucket}/{self._prefix}"
        self._aid = Aid("object storage")

    def put(self, name: str, content: bytes) -> None:
        """Store a file; the storage has it when this returns."""
        self._ask(partial(self._client.put, self._key(name), content))

    def get(self, name: str) -> bytes | None:
        """What a file holds, if there is one."""
        return self._ask(partial(self._content, self._key(name)))

    def remove(self, name: str) -> None:
        """Take a file away; none is no error."""
        self._ask(partial(self._client.delete, self._key(name)))

    def names(self) -> set[str]:
        """Every file."""
        return {found["path"].rpartition("/")[2] for found in self._under(f"{self._prefix}/")}

    def put_aside(self, names: set[str], stamp: str) -> str:
        """Move files under another prefix, to be looked at again; that place."""
        aside = f"{self._prefix}.before-{stamp}"
        for name in names:
            self._ask(partial(self._client.rename, self._key(name), f"{aside}/{name}"))
        return f"s3://{self._bucket}/{aside}"

    def drop_asides(self, before: datetime) -> None:
        """What was put aside longer ago goes."""
        old = [
            found["path"]
            for found in self._under("")
            if found["path"].startswith(f"{self._prefix}.before-") and found["last_modified"] < before
        ]
        if old:
            self._ask(partial(self._client.delete, old))

    @cached_property
    def _client(self) -> Any:
        return S3Store(self._bucket, config=self._options, client_options=self._times(), retry_config=ONCE_MORE)

    def _times(self) -> Any:
        return {**TIMES, "allow_http": self._options.get("endpoint", "").startswith("http://")}

    def _key(self, name: str) -> str:
        return f"{self._prefix}/{name}"

    def _content(self, key: str) -> bytes | None:
        try:
            return bytes(self._client.get(key).bytes())
        except FileNotFoundError:
            return None

    def _under(self, prefix: str) -> list[Any]:
        return self._ask(lambda: [found for page in self._client.list(prefix) for found in page])

    def _ask(self, question: Callable[[], Answer]) -> Answer:
        return self._aid.ask(question, self._is_away)

    def _is_away(self) -> NoReturn:
        raise OSError(errno.EIO, "the object storage does not answer", self._place)


def _read(url: str) -> tuple[str, str, Any]:
    """Bucket, prefix and what the client is told, from the setting."""
    found = urlsplit(url)
    options = dict(parse_qsl(found.query))
    if found.scheme != "s3" or not found.hostname or not options.keys() <= {"endpoint", "region"}:
        raise WrongSetting(SHAPE)
    if found.username:
        options["access_key_id"] = unquote(found.username)
        options["secret_access_key"] = unquote(found.password or "")
    return found.hostname, found.path.strip("/") or "media", options
