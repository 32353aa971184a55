"""Both places where files of pictures may lie."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from community.media.bucket import Bucket
from community.media.folder import Folder
from community.media.store import Store
from tests.object_storage import ObjectStorage

prefixes = count(1)


@pytest.fixture(scope="session")
def object_storage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ObjectStorage]:
    """A real server."""
    server = ObjectStorage(tmp_path_factory.mktemp("objects"))
    try:
        server.await_answer()
        yield server
    finally:
        server.stop()


@pytest.fixture
def bucket(object_storage: ObjectStorage) -> str:
    """The setting that leads to an empty place there."""
    return object_storage.setting(f"site-{next(prefixes)}")


@pytest.fixture(params=["folder", "object storage"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """One and the other."""
    if request.param == "folder":
        return Folder(tmp_path / "media")
    return Bucket(request.getfixturevalue("bucket"))
