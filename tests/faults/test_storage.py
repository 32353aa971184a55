"""A full disk, a disk that does not keep its word, folders that are broken: reading goes on, the writer keeps the
words, the log names the cause, and all goes on without a restart once it is well again."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from selectolax.lexbor import LexborHTMLParser

from community.media import store
from community.members.models import Member
from tests.articles.test_studio_pictures import photo, upload
from tests.conftest import Browser
from tests.faults.people import Answer, Person, prepared, rows_of, running, stored
from tests.running import Running

pytestmark = pytest.mark.faults
WORDS = "A long story of the night, typed with one hand."
BACK_WITHIN = 5
SHIM = r"""
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

static int broken(void) { return access(getenv("BROKEN_DISK"), F_OK) == 0; }
int fsync(int file) { return broken() ? (errno = EIO, -1) : (int)syscall(SYS_fsync, file); }
int fdatasync(int file) { return broken() ? (errno = EIO, -1) : (int)syscall(SYS_fdatasync, file); }
"""


@contextmanager
def small_disk(folder: Path, options: str = "size=24m") -> Iterator[None]:
    """A file system of its own, where this machine allows one."""
    folder.mkdir(exist_ok=True)
    mount = shutil.which("mount")
    if mount is None or subprocess.run([mount, "-t", "tmpfs", "-o", options, "none", folder], check=False).returncode:
        pytest.skip("this machine lets nobody mount a small file system (it needs root)")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def fill(folder: Path) -> Path:
    """Leave not a byte; the file that took them all."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (1 << 20, 4096, 1):
            try:
                while file.write(bytes(size)) == size:
                    pass
            except OSError:
                pass
    return ballast


def refused_with_the_words(answer: Answer) -> dict[str, str]:
    """What would be sent again, after an answer that says in plain words that it cannot be stored now."""
    assert (answer.status, answer.headers["Retry-After"]) == (503, "10")
    assert answer.seconds < BACK_WITHIN
    fields = answer.fields()
    assert fields["body"] == WORDS
    return fields


def fails_and_recovers(site: Running, folder: Path, path: str, email: str, break_it, mend_it, cause: str) -> None:  # type: ignore[no-untyped-def]
    """The whole story of a disk: well, broken, well again."""
    writer = Person(site.base, email)
    writer.sign_in()
    assert writer.reply(path, "Before").status == 200
    fields = writer.fields(f"{path}/reply", f"{path}/posts")
    break_it()
    again = refused_with_the_words(writer.ask(f"{path}/posts", {**fields, "body": WORDS}))
    assert writer.ask(path).status == 200
    assert Person(site.base, "").ask(f"{path}?page=1").status == 200
    assert cause in Path(site.errors.name).read_text()
    mend_it()
    for _twice in range(2):
        assert writer.ask(f"{path}/posts", again).status == 200
    assert stored(folder, WORDS) == stored(folder, "Before") == 1
    site.await_jobs(75)
    assert rows_of(folder, "SELECT count(*) FROM jobs WHERE state = 'failed'") == [(0,)]


def test_a_full_disk(app: Flask, anna: Member, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    with small_disk(disk):
        path, (email, *_) = prepared(disk, app, anna, 1)
        with running(disk, "serve", "worker", log=tmp_path / "log") as site:
            fails_and_recovers(
                site, disk, path, email, lambda: fill(disk), (disk / "ballast").unlink, "database or disk is full"
            )


def test_a_disk_that_does_not_keep_its_word(app: Flask, anna: Member, tmp_path: Path) -> None:
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("this machine has no C compiler to make a disk that fails")
    (tmp_path / "shim.c").write_text(SHIM)
    subprocess.run([compiler, "-shared", "-fPIC", "-o", tmp_path / "shim.so", tmp_path / "shim.c"], check=True)
    broken = tmp_path / "broken"
    path, (email, *_) = prepared(tmp_path, app, anna, 1)
    shim = {"LD_PRELOAD": str(tmp_path / "shim.so"), "BROKEN_DISK": str(broken)}
    with running(tmp_path, "serve", "worker", log=tmp_path / "log", **shim) as site:
        fails_and_recovers(site, tmp_path, path, email, broken.touch, broken.unlink, "disk I/O error")


def test_a_cache_of_pages_that_is_gone_or_spoilt_is_no_reason_not_to_answer(
    app: Flask, anna: Member, tmp_path: Path
) -> None:
    path, _emails = prepared(tmp_path, app, anna, 1)
    cache = tmp_path / "cache"
    with running(tmp_path, "serve", log=tmp_path / "log") as site:
        reader = Person(site.base, "")
        assert reader.ask(path).status == 200
        for file in cache.iterdir():
            file.write_bytes(b"\xff\xff\xff\x7f" + os.urandom(2000))
        assert reader.ask(path).status == 200
        shutil.rmtree(cache)
        assert reader.ask(path).status == 200
        cache.write_text("a file where a folder was")
        assert reader.ask(path).status == 200
        cache.unlink()
        assert reader.ask(path).status == 200


def test_a_full_folder_of_pictures_keeps_the_words_and_leaves_no_half_file(
    app: Flask, as_editor: Browser, tmp_path: Path
) -> None:
    pictures, before = tmp_path / "pictures", app.config["MEDIA_URL"]
    with small_disk(pictures, "size=64k"):
        store.use(str(pictures))
        try:
            ballast = fill(pictures)
            refused = upload(as_editor, photo(), body=WORDS, picture_alt="A red coat on a hook.")
            assert (refused.status_code, refused.headers["Retry-After"]) == (503, "10")
            page = LexborHTMLParser(refused.text)
            assert [area.text().strip() for area in page.css("textarea[name=body]")] == [WORDS]
            assert page.css_first("input[type=file][name=picture]") is not None
            assert list(pictures.iterdir()) == [ballast]
            ballast.unlink()
            assert upload(as_editor, photo(), picture_alt="A red coat on a hook.").status_code == 303
        finally:
            store.use(before)
