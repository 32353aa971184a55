"""`/healthz`, `/readyz` and `/metrics`: what a monitor asks."""

import time
from collections.abc import Iterator, Mapping
from hmac import compare_digest

from flask import Blueprint, current_app, g, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from community.core.permissions import Permission
from community.core.schema import schema_problem
from community.core.settings import LOOPBACK
from community.operations import figures
from community.operations.queries import work as queries
from community.web.access import current_member, everyone, require

bp = Blueprint("machines", __name__)


class Work(Collector):
    """How far the work behind the pages is, as the database says when it is asked: the same from every process."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Jobs and mails by state, how late the worker is, and what each projection has still to read."""
        yield _gauge("jobs", "How many jobs are in each state.", "state", queries.job_counts())
        yield _gauge("mails", "How many mails are in each state.", "state", queries.mail_counts())
        late = GaugeMetricFamily("community_jobs_late_seconds", "How long the oldest job that is due has waited.")
        late.add_metric([], queries.lateness().total_seconds())
        yield late
        unread = {name: count for name, count in queries.lags().items() if count is not None}
        yield _gauge("unread_touchpoints", "How many touchpoints are still to be read.", "projection", unread)


@bp.get("/healthz")
@everyone
def healthz() -> Response:
    """The process answers. Asks nothing of the database."""
    return _plain("ok")


@bp.get("/readyz")
@everyone
def readyz() -> Response:
    """Pages can be served: the database answers and its schema is ours."""
    try:
        problem = schema_problem()
    except SQLAlchemyError:
        problem = "The database does not answer."
    return _plain(problem or "ok", 503 if problem else 200)


@bp.get("/metrics")
@everyone
def metrics() -> Response:
    """Figures in Prometheus' format, for this machine itself, a monitor with our token, or an administrator."""
    require(_is_this_machine() or _has_token() or current_member().can(Permission.JOBS_VIEW))
    registry = CollectorRegistry()
    registry.register(Work())
    figures.collect(registry)
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


@bp.after_app_request
def _count(response: Response) -> Response:
    """By rule, never by address: addresses hold names, searches and tokens."""
    rule = request.url_rule.rule if request.url_rule else "none"
    count(rule, request.method, response.status_code, time.perf_counter() - g.get("began", time.perf_counter()))
    return response


def count(rule: str, method: str, status: int, seconds: float) -> None:
    """One answer, and how long it took."""
    figures.requests().labels(rule, method, status).inc()
    figures.seconds().observe(seconds)


def _is_this_machine() -> bool:
    """Whether nobody stands between: behind a proxy on this machine everybody would seem to be here."""
    return request.remote_addr in LOOPBACK and "X-Forwarded-For" not in request.headers


def _has_token() -> bool:
    token = str(current_app.config["METRICS_TOKEN"])
    return bool(token) and compare_digest(request.headers.get("Authorization", "").encode(), f"Bearer {token}".encode())


def _gauge(name: str, meaning: str, label: str, counts: Mapping[str, int]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"community_{name}", meaning, labels=[label])
    for value, count in counts.items():
        family.add_metric([value], count)
    return family


def _plain(words: str, status: int = 200) -> Response:
    return Response(words + "\n", status, content_type="text/plain; charset=utf-8")
