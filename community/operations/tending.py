"""What `flask serve` becomes once its page processes run: it waits for them, and no more. So the program that they were
divided from leaves its memory, where all that they have written to since would stay a third time.

`python -I -S tending.py PID,PID COMMAND ...`: it needs no library, so that none is read. What it hears was held back
from before it was there."""

import os
import signal
import sys

ENDINGS = {signal.SIGINT, signal.SIGTERM}
HEARD = ENDINGS | {signal.SIGHUP, signal.SIGCHLD}


def tend(pages: list[int], command: list[str]) -> None:
    """Page processes end together; where one has ended by itself, all begin anew."""
    heard: int = signal.SIGCHLD
    while heard == signal.SIGCHLD and not _has_ended():
        heard = signal.sigwait(HEARD)
    for page in pages:
        os.kill(page, signal.SIGTERM)
    for page in pages:
        os.waitpid(page, 0)
    if heard not in ENDINGS and not signal.sigpending() & ENDINGS:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, HEARD)
        os.execv(command[0], command)


def _has_ended() -> bool:
    """Whether one of them is gone, and not only halted."""
    return os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


if __name__ == "__main__":
    tend([int(page) for page in sys.argv[1].split(",")], sys.argv[2:])
