"""`make bench`: every page beside the bare one, round by round, as a table; `BENCH_JSON=file` writes the rows.

`BENCH_DATA` is the data folder (default `build/bench`, filled at the first start), `BENCH_ROUNDS` and
`BENCH_SECONDS` say how long it is measured, `BENCH_PAGES` which pages. Requests accept no compression, as the
bare page has none."""

import json
import os
import signal
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from flask import Flask

from community.app import create_app
from community.search.place import place
from tests.bench.load import load
from tests.bench.points import Found, Point, look_around, look_at, points_of, searches_of
from tests.bench.processes import cpu_seconds, memory_mib
from tests.running import ROOT, Running, free_port

DATA = Path(os.environ.get("BENCH_DATA") or ROOT / "build" / "bench").resolve()
ROUNDS = int(os.environ.get("BENCH_ROUNDS") or 3)
SECONDS = float(os.environ.get("BENCH_SECONDS") or 2)
PAGES = os.environ.get("BENCH_PAGES", "").split()
SIZES = {"members": 10_000, "articles": 2_000, "topics": 20_000, "posts": 200_000, "touchpoints": 1_000_000}
SIZES_TO_SEARCH = {"members": 600, "articles": 400, "topics": 700, "posts": 4_000, "touchpoints": 8_000}  # 5,000 things
LINE = "{:<32}{:>7}{:>9}{:>9}{:>9}{:>9}{:>6}{:>9}\n"


@dataclass(frozen=True)
class Server:
    """A running server: its port, and the process that all others of it stand under."""

    port: int
    pid: int


@dataclass(frozen=True)
class Run:
    """One point under load for some seconds."""

    rps: float
    p50_ms: float
    p99_ms: float
    cpu_ms: float


@dataclass(frozen=True)
class Row:
    """What is told of a point."""

    page: str
    who: str
    cached: bool
    ratio_cpu: float
    rps: float
    p50_ms: float
    p99_ms: float
    cpu_ms: float
    more_ms: float  # of CPU than what it stands beside
    statements: int
    bytes: int


def main() -> None:
    """Fill, start both servers, measure, tell."""
    say(LINE.format("page", "ratio", "req/s", "p50 ms", "p99 ms", "CPU ms", "SQL", "bytes"))
    rows = measured(DATA, SIZES, points_of) if PAGES != ["search"] else []
    if not PAGES or "search" in PAGES:
        rows += measured(DATA / "search", SIZES_TO_SEARCH, searches_of)
        say("the same at the size of all other pages, by tantivy\n")
        rows += measured(DATA, SIZES, searches_of, "tantivy")
    if "BENCH_JSON" in os.environ:
        Path(os.environ["BENCH_JSON"]).write_text(json.dumps([asdict(row) for row in rows], indent=1))


def measured(
    folder: Path, sizes: dict[str, int], points_of: Callable[[Found, Flask], list[Point]], engine: str = "whoosh"
) -> list[Row]:
    """The rows of a site of this size."""
    site = Running(folder, COMMUNITY_SEARCH=engine, GLIBC_TUNABLES="glibc.malloc.hugetlb=1")  # as the Procfile says
    fill(site, folder, sizes)
    app = create_app(DATA_DIR=str(folder), BASE_URL=site.base, LIMITS="off", LOG_LEVEL="ERROR", SEARCH=engine)
    if points_of is searches_of:
        index(site)
    with app.app_context():
        found = look_around()
    points = [point for point in points_of(found, app) if not PAGES or point.page in PAGES]
    rows = []
    with started(site) as (ours, bare):
        for point in points:
            row = row_of(point, app, ours, bare)
            if row is not None:
                rows.append(row)
                tell(point, row)
        say(f"memory of the page processes: {memory_mib(ours.pid):.0f} MiB\n")
    return rows


def fill(site: Running, folder: Path, sizes: dict[str, int]) -> None:
    """The demonstration and a simulated community around it, where the folder holds none; else its tables as now."""
    if (folder / "bench-filled").exists():
        site.flask("db", "upgrade")
        return
    say("filling the data folder; this takes some minutes, once\n")
    folder.mkdir(parents=True, exist_ok=True)
    site.flask("db", "upgrade")
    site.flask("simulate", *(part for name, size in sizes.items() for part in (f"--{name}", str(size))))
    (folder / "bench-filled").touch()


def index(site: Running) -> None:
    """A search index, where there is none that this code can read."""
    if place.present() is None:
        say("building the search index\n")
        site.flask("search", "rebuild")


@contextmanager
def started(site: Running) -> Iterator[tuple[Server, Server]]:
    """The site with its worker beside it, and the bare page on the same server with as many processes."""
    port = free_port()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--port", str(port)]
    command += ["--workers", "2", "--blocking-threads", "4", "tests.bench.bare:app"]
    bare = subprocess.Popen(command, cwd=ROOT, start_new_session=True)
    try:
        site.start("serve")
        site.start("worker")
        site.await_answer(60)
        yield Server(site.port, site.processes["serve"].pid), Server(port, bare.pid)
    finally:
        site.stop()
        os.killpg(bare.pid, signal.SIGKILL)
        bare.wait()


def row_of(point: Point, app: Flask, ours: Server, bare: Server) -> Row | None:
    """A point's row; none where the site has no such page (page 80 of a short list)."""
    status, statements, size = look_at(point, app)
    if status >= 400:
        say(f"{point.label}: answered {status}\n")
        return None
    bare_point = Point("bare", point.beside, cached=True)
    pairs = [(run(bare, bare_point), run(ours, point)) for _round in range(ROUNDS)]
    mine = [pair[1] for pair in pairs]
    return Row(
        point.page,
        point.who,
        point.cached,
        round(statistics.median(base.cpu_ms / own.cpu_ms for base, own in pairs), 3),
        round(statistics.median(one.rps for one in mine), 1),
        round(statistics.median(one.p50_ms for one in mine), 2),
        round(statistics.median(one.p99_ms for one in mine), 2),
        round(statistics.median(one.cpu_ms for one in mine), 3),
        round(statistics.median(own.cpu_ms - base.cpu_ms for base, own in pairs), 3),
        statements,
        size,
    )


def run(server: Server, point: Point) -> Run:
    """Load on one point, after a moment to warm up."""
    load(server.port, point.request, point.is_right, 0.2)
    before = cpu_seconds(server.pid)
    answers = load(server.port, point.request, point.is_right, SECONDS)
    spent = cpu_seconds(server.pid) - before
    assert not answers.wrong, f"{point.label} is not what was answered (times by status): {answers.wrong}"
    count = answers.count
    return Run(count / SECONDS, answers.within(0.5), answers.within(0.99), max(1000 * spent, 1) / count)


def tell(point: Point, row: Row) -> None:
    """A line of the table."""
    say(LINE.format(point.label, row.ratio_cpu, row.rps, row.p50_ms, row.p99_ms, row.cpu_ms, row.statements, row.bytes))
    if point.page == "sign-in":
        say(f"  its ratio is to a password compared and nothing else; beside the hash: {row.more_ms:.1f} ms\n")


def say(words: str) -> None:
    """At once, also where the output is a file."""
    sys.stdout.write(words)
    sys.stdout.flush()


if __name__ == "__main__":
    main()
