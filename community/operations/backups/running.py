"""Whether server or worker run on a data folder: each holds a shared lock on a file there for as long as it lives."""

import fcntl
import os
from pathlib import Path

from community.core.refused import Refused

NAME = "running.lock"


def hold(folder: Path) -> None:
    """Run on this folder until this program ends, and whatever it becomes."""
    os.set_inheritable(_locked(folder, fcntl.LOCK_SH, "A backup is being restored. Try again when it is done."), True)


def hold_alone(folder: Path) -> None:
    """Be the only one on this folder until this program ends."""
    _locked(folder, fcntl.LOCK_EX, "The site is running. Stop server and worker first.")


def _locked(folder: Path, how: int, why_not: str) -> int:
    descriptor = os.open(folder / NAME, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(descriptor, how | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(descriptor)
        raise Refused(why_not) from error
    return descriptor
