"""`/healthz`, `/readyz` and `/metrics`: what a monitor asks."""

from collections.abc import Iterator

from flask import Blueprint, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from community.core.permissions import Permission
from community.core.schema import schema_problem
from community.core.settings import LOOPBACK
from community.operations.queries import work as queries
from community.web.access import current_member, everyone, require

bp = Blueprint("machines", __name__)
REQUESTS = Counter(
    "community_requests", "Answers by rule, method and status.", ["rule", "method", "status"], registry=None
)


class Work(Collector):
    """Jobs and mails by state, counted when they are asked for."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """One family for jobs and one for mails."""
        for name, counts in (("jobs", queries.job_counts()), ("mails", queries.mail_counts())):
            family = GaugeMetricFamily(f"community_{name}", f"How many {name} are in each state.", labels=["state"])
            for state, count in counts.items():
                family.add_metric([state], count)
            yield family


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
    """Figures in Prometheus' format, for this machine itself or an administrator."""
    require(_is_this_machine() or current_member().can(Permission.JOBS_VIEW))
    registry = CollectorRegistry()
    registry.register(Work())
    try:
        MultiProcessCollector(registry)  # of all processes that `flask serve` began
    except ValueError:
        registry.register(REQUESTS)  # there is but this one
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


@bp.after_app_request
def _count(response: Response) -> Response:
    """By rule, never by address: addresses hold names, searches and tokens."""
    rule = request.url_rule.rule if request.url_rule else "none"
    REQUESTS.labels(rule, request.method, response.status_code).inc()
    return response


def _is_this_machine() -> bool:
    """Whether nobody stands between: behind a proxy on this machine everybody would seem to be here."""
    return request.remote_addr in LOOPBACK and "X-Forwarded-For" not in request.headers


def _plain(words: str, status: int = 200) -> Response:
    return Response(words + "\n", status, content_type="text/plain; charset=utf-8")
