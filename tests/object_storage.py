"""Object storage that speaks S3, as a real server of its own on this machine, for as long as a test wants it."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from community.media.bucket import Bucket
from tests.running import free_port

PROGRAM = Path(sys.executable).parent / "weed"
KEY, SECRET = "site", "a/secret+key"
RIGHTS = ["Admin", "Read", "Write", "List"]
PARTS = ("master", "volume", "filer")
QUIET = ("-master.telemetry=false", "-s3.port.iceberg=0", "-s3.port.lance=0", "-s3.iam=false", "-filer=true",
         "-volume.max=20", "-master.volumeSizeLimitMB=64", "-volume.preStopSeconds=0")  # fmt: skip


class ObjectStorage:
    """One server, reached on the loopback address alone, with one who may use it."""

    def __init__(self, folder: Path) -> None:
        if not PROGRAM.exists():
            pytest.skip("there is no server of object storage for this kind of machine")
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        identity = {"name": "site", "credentials": [{"accessKey": KEY, "secretKey": SECRET}], "actions": RIGHTS}
        (folder / "s3.json").write_text(json.dumps({"identities": [identity]}))
        ports = [f"-{part}.port{kind}={free_port()}" for part in PARTS for kind in ("", ".grpc")]
        ports += [f"-s3.port={self.port}", f"-s3.port.grpc={free_port()}"]
        self._process = subprocess.Popen(
            [PROGRAM, "server", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", f"-dir={folder}", "-s3=true",
             f"-s3.config={folder / 's3.json'}", *ports, *QUIET],
            cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def setting(self, prefix: str, secret: str = SECRET) -> str:
        """What a site is told of it."""
        secret = secret.replace("/", "%2F").replace("+", "%2B")
        return f"s3://{KEY}:{secret}@pictures/{prefix}?endpoint={self.url}&region=here"

    def await_answer(self, seconds: float = 60) -> None:
        """Wait until it takes files: it makes its room for them at the first."""
        until = time.monotonic() + seconds
        while not self._takes_a_file():
            assert time.monotonic() < until, "the object storage takes no file"
            time.sleep(0.1)

    def _takes_a_file(self) -> bool:
        try:
            Bucket(self.setting("first")).put("file", b"")
        except OSError:
            return False
        return True

    def answer_to_a_stranger(self, path: str) -> int | None:
        """The status for somebody without a key; None while nobody answers."""
        try:
            with urllib.request.urlopen(f"{self.url}/{path}", timeout=5) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return None

    def hang(self) -> None:
        """Answer nobody any more."""
        os.kill(self._process.pid, signal.SIGSTOP)

    def go_on(self) -> None:
        """Answer again."""
        os.kill(self._process.pid, signal.SIGCONT)

    def stop(self) -> None:
        """End it."""
        self._process.kill()
        self._process.wait()
