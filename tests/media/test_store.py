"""A folder and object storage do the same; and object storage tells nobody but us."""

import json
import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from community.core import aids
from community.core.settings import WrongSetting
from community.media import store
from community.media.bucket import TIMES, Bucket
from community.media.store import Store
from community.operations.backups import running
from tests import makers
from tests.articles.test_studio_pictures import photo, upload
from tests.conftest import Browser
from tests.object_storage import ObjectStorage

NAME, OTHER = "0123456789abcdef01234567-320.webp", "0123456789abcdef01234567-640.webp"


def test_what_is_put_is_there_until_it_is_removed(place: Store) -> None:
    assert place.get(NAME) is None
    place.put(NAME, b"one")
    place.put(NAME, b"another")
    assert (place.get(NAME), place.names()) == (b"another", {NAME})
    place.remove(NAME)
    place.remove(NAME)
    assert (place.get(NAME), place.names()) == (None, set())


def test_what_is_put_aside_is_no_file_of_ours_and_goes_when_its_time_is_over(place: Store) -> None:
    place.put(NAME, b"one")
    place.put(OTHER, b"another")
    assert place.put_aside({OTHER}, "then").endswith(".before-then")
    assert place.names() == {NAME}
    now = datetime.now(UTC)
    place.drop_asides(now - timedelta(days=1))
    place.drop_asides(now + timedelta(days=1))
    place.put_aside({NAME}, "then")  # else that place would be taken
    assert place.names() == set()


def test_many_files_are_all_named(place: Store) -> None:
    names = {f"{number:024x}-320.webp" for number in range(50)}
    for name in names:
        place.put(name, os.urandom(100))
    assert place.names() == names


def test_nobody_reads_there_without_the_key(object_storage: ObjectStorage) -> None:
    Bucket(object_storage.setting("secret-place")).put(NAME, b"private")
    assert object_storage.answer_to_a_stranger(f"pictures/secret-place/{NAME}") == 403
    with pytest.raises(OSError, match="object storage"):
        Bucket(object_storage.setting("secret-place", secret="guessed")).get(NAME)


@pytest.fixture
def on_object_storage(app: Flask, bucket: str):  # type: ignore[no-untyped-def]
    """The site, its pictures in a bucket."""
    store.use(bucket)
    yield store.place()
    store.use(app.config["MEDIA_URL"])


def test_an_upload_is_stored_served_and_kept_by_browsers(on_object_storage: Store, as_editor: Browser) -> None:
    assert upload(as_editor, photo(), picture_alt="A red coat on a hook.").status_code == 303
    names = on_object_storage.names()
    assert len(names) > 1
    answer = as_editor.get(f"/media/{min(names)}")
    assert (answer.status_code, answer.mimetype, answer.data[8:12]) == (200, "image/webp", b"WEBP")
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    again = as_editor.get(f"/media/{min(names)}", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert as_editor.get(f"/media/{OTHER}").status_code == 404


@pytest.mark.only_on("sqlite")
def test_a_backup_takes_the_pictures_along_and_a_restore_brings_them_back(
    app: Flask, on_object_storage: Store, as_editor: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    makers.stamp()
    monkeypatch.setattr(running, "hold_alone", lambda folder: None)
    flask = app.test_cli_runner().invoke
    upload(as_editor, photo(), picture_alt="A red coat on a hook.")
    pictures = {name: on_object_storage.get(name) for name in on_object_storage.names()}
    assert flask(args=["backup", str(tmp_path / "backup")]).exit_code == 0
    on_object_storage.remove(min(pictures))
    on_object_storage.put(NAME, b"came later")
    restored = flask(args=["restore", str(tmp_path / "backup"), "--yes", "--json"])
    assert restored.exit_code == 0, restored.output
    assert {name: on_object_storage.get(name) for name in on_object_storage.names()} == pictures
    assert [place for place in json.loads(restored.stdout)["aside"] if place.startswith("s3://pictures/site-")] != []


def test_storage_that_hangs_is_not_waited_for_at_every_picture(
    on_object_storage: Store, object_storage: ObjectStorage, as_editor: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(TIMES, "timeout", "1s")
    on_object_storage.put(NAME, b"one")
    monkeypatch.setattr(aids, "REST_SECONDS", 60)
    object_storage.hang()
    try:
        assert as_editor.get(f"/media/{NAME}").status_code == 503
        spent = time.process_time()
        assert {as_editor.get(f"/media/{NAME}").status_code for _time in range(20)} == {503}
        assert upload(as_editor, photo(), picture_alt="A red coat on a hook.").status_code == 503
        assert time.process_time() - spent < 20
    finally:
        object_storage.go_on()


@pytest.mark.parametrize("url", ["https://pictures", "s3://", "s3://pictures/site?endpiont=http://127.0.0.1"])
def test_an_address_that_is_none_is_refused_in_words(url: str, tmp_path: Path) -> None:
    with pytest.raises(WrongSetting, match="s3://key:secret@bucket"):
        store.use(url)
