"""The site as real processes, to be killed and started again."""

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pyotp import TOTP
from sqlalchemy import create_engine, func, select

from community.core.jobs import JobRow, JobState

ROOT = Path(__file__).resolve().parents[1]


CAST = {
    "member": "sanne",
    "editor": "lotte",
    "english member": "kate",
    "english editor": "daan",
    "moderator": "wouter",
    "english moderator": "hana",
    "marketer": "yara",
    "service": "joris",
    "admin": "renske",
}


def sign_ins_of(folder: Path, cast: dict[str, str] = CAST) -> dict[str, tuple[str, str]]:
    """Role -> (e-mail, password) of one member of the demonstration for each role."""
    passwords = json.loads((folder / "demo-sign-ins.json").read_text())
    return {role: (f"{name}@demo.example", passwords[f"{name}@demo.example"]) for role, name in cast.items()}


def secrets_of(folder: Path) -> dict[str, str]:
    """E-mail -> what an authenticator app was told, for the staff of the demonstration."""
    secrets: dict[str, str] = json.loads((folder / "demo-sign-ins.json").read_text())["totp"]
    return secrets


_shown: dict[str, int] = {}


def next_code(secret: str) -> str:
    """What the app shows now. The site takes each code once: the next one at once, the one after it by waiting."""
    step = max(_shown.get(secret, 0) + 1, int(time.time()) // 30)
    while step > int(time.time()) // 30 + 1:
        time.sleep(0.5)
    _shown[secret] = step
    return TOTP(secret).at(step * 30)


def within(seconds: float, holds: Callable[[], object]) -> bool:
    """Whether it holds before so many seconds are over."""
    until = time.monotonic() + seconds
    while not (is_so := holds()) and time.monotonic() < until:
        time.sleep(0.05)
    return bool(is_so)


def free_port() -> int:
    """A port of this machine that nobody uses, below those that the system gives to outgoing connections: it is still
    free when a server that was ended there is started again."""
    while True:
        port = secrets.choice(range(15_000, 30_000))
        with socket.socket() as found, suppress(OSError):
            found.bind(("127.0.0.1", port))
            return port


class Running:
    """Pages and worker on a data folder of their own."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.environment = {
            **os.environ,
            "PORT": str(self.port),
            "FLASK_APP": "wsgi.py",
            "FLASK_SKIP_DOTENV": "1",
            "COMMUNITY_DATA_DIR": str(folder),
            "COMMUNITY_LIMITS": "off",
            "COMMUNITY_LOG_LEVEL": "ERROR",
            **settings,
        }
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.errors: Any = None  # an open file for what the processes log; else it is seen here

    def flask(self, *command: str) -> str:
        """Run a command to its end."""
        done = subprocess.run(
            [sys.executable, "-m", "flask", *command],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    def start(self, name: str) -> None:
        """Start `serve` or `worker`, in a process group of its own."""
        self.processes[name] = subprocess.Popen(
            [sys.executable, "-m", "flask", name],
            cwd=ROOT,
            env=self.environment,
            stderr=self.errors,
            start_new_session=True,
        )

    def kill(self, name: str) -> None:
        """kill -9, the whole group."""
        process = self.processes.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def await_answer(self, seconds: float = 20) -> float:
        """Wait until pages answer; how long it took."""
        began = time.monotonic()
        while time.monotonic() - began < seconds:
            try:
                with urllib.request.urlopen(f"{self.base}/healthz", timeout=2):
                    return time.monotonic() - began
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.05)
        raise AssertionError("the site does not answer")

    def await_jobs(self, seconds: float) -> None:
        """Wait until the worker has nothing left that is due, or that failed and is tried again."""
        until = time.monotonic() + seconds
        file = Path(self.environment["COMMUNITY_DATA_DIR"]) / "community.db"
        database = create_engine(self.environment.get("COMMUNITY_DATABASE_URL") or f"sqlite:///{file}")
        is_due = (JobRow.state == JobState.WAITING) & ((JobRow.run_at <= datetime.now(UTC)) | (JobRow.attempts > 0))
        due = select(func.count()).select_from(JobRow).where(is_due | (JobRow.state == JobState.RUNNING))
        with database.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            while connection.scalar(due):
                assert time.monotonic() < until, "the worker does not come to an end"
                time.sleep(0.2)
        database.dispose()

    def stop(self) -> None:
        """End all."""
        for name in list(self.processes):
            self.kill(name)
