"""What processes cost, as the kernel counts it."""

import os
import re
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def tree(pid: int) -> list[int]:
    """A process and all below it."""
    children = (Path(f"/proc/{pid}/task/{pid}/children")).read_text().split()
    return [pid, *(below for child in children for below in tree(int(child)))]


def cpu_seconds(pid: int) -> float:
    """Seconds that a process and all below it have computed, for themselves and in the kernel."""
    spent = [Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()[11:13] for one in tree(pid)]
    return sum(int(user) + int(kernel) for user, kernel in spent) / TICKS


def memory_mib(pid: int) -> float:
    """The memory of a process and all below it; what they share counts once."""
    return sum(_pss(one) for one in tree(pid)) / 1024


def _pss(pid: int) -> int:
    found = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.M)
    return int(found[1]) if found else 0
