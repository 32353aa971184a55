"""What is counted of answers: by one process, or by all that `flask serve` begins together."""

from functools import cache
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Histogram, values
from prometheus_client.multiprocess import MultiProcessCollector

from community.core.settings import surround

STEPS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)


@cache
def requests() -> Counter:
    """Answers; made at the first one, in the process that counts it."""
    labels = ["rule", "method", "status"]
    return Counter("community_requests", "Answers by rule, method and status.", labels, registry=None)


@cache
def seconds() -> Histogram:
    """How long they took."""
    return Histogram("community_request_seconds", "How long answers took.", buckets=STEPS, registry=None)


def share(folder: Path) -> None:
    """Count together with all processes that begin from here on, in files of this folder."""
    folder.mkdir(parents=True)
    surround(PROMETHEUS_MULTIPROC_DIR=str(folder))
    values.ValueClass = values.get_value_class()


def collect(registry: CollectorRegistry) -> None:
    """Put what was counted into a registry."""
    try:
        MultiProcessCollector(registry)
    except ValueError:  # there is but this process
        registry.register(requests())
        registry.register(seconds())
