"""What a monitor asks."""

import re
from datetime import timedelta

import pytest

from community.core import clock, jobs
from community.core.db import db, unit_of_work
from tests import makers


def test_health_needs_no_database(visitor, statements):
    assert statements(lambda: visitor.get("/healthz")) == []
    assert visitor.get("/healthz").text.strip() == "ok"


def test_ready_where_the_schema_is_ours(visitor, app):
    makers.stamp()
    assert (visitor.get("/readyz").status_code, visitor.get("/readyz").text.strip()) == (200, "ok")


def test_not_ready_on_another_schema_and_says_what_to_do(visitor, app):
    makers.stamp("ffffffffffff")
    answer = visitor.get("/readyz")
    assert answer.status_code == 503
    assert "newer" in answer.text


def test_figures_are_for_this_machine_and_administrators(visitor, as_bob, as_admin):
    assert visitor.get("/metrics").status_code == 200
    elsewhere = {"environ_base": {"REMOTE_ADDR": "203.0.113.9"}}
    behind_a_proxy = {"headers": {"X-Forwarded-For": "203.0.113.9"}}
    for more in (elsewhere, behind_a_proxy):
        assert visitor.get("/metrics", **more).status_code == 403
        assert as_bob.get("/metrics", **more).status_code == 403
        assert as_admin.get("/metrics", **more).status_code == 200


def test_figures_count_requests_by_rule_and_never_by_address(visitor, anna):
    visitor.get("/admin/members/12345")
    text = visitor.get("/metrics").text
    assert 'community_requests_total{method="GET",rule="/admin/members/<int:member_id>",status="302"}' in text
    assert "members/12345" not in text
    assert "community_requests" in text


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_machines_get_no_cookie(path, visitor, app):
    makers.stamp()
    assert "Set-Cookie" not in visitor.get(path).headers
    db.session.remove()


def test_a_monitor_elsewhere_sends_its_token_and_a_wrong_one_gets_nothing(visitor, app):
    elsewhere = {"environ_base": {"REMOTE_ADDR": "203.0.113.9"}}

    def asked(token: str) -> int:
        return visitor.get("/metrics", headers={"Authorization": f"Bearer {token}"}, **elsewhere).status_code

    assert asked("") == 403
    app.config["METRICS_TOKEN"] = "a-long-token"
    try:
        assert (asked("a-long-token"), asked("another"), asked("")) == (200, 403, 403)
    finally:
        app.config["METRICS_TOKEN"] = ""


def test_a_monitor_asks_a_process_by_its_own_address_and_pages_answer_to_ours_alone(visitor, app):
    makers.stamp()
    by_address = {"base_url": "http://10.0.0.7:8000"}
    assert visitor.get("/healthz", **by_address).status_code == 200
    assert visitor.get("/readyz", **by_address).status_code == 200
    assert visitor.get("/en/", **by_address).status_code == 400


def test_figures_tell_how_late_the_worker_is_and_what_is_unread(visitor, app):
    assert "community_jobs_late_seconds 0.0" in visitor.get("/metrics").text
    with unit_of_work():
        jobs.forget_done.later(at=clock.now() - timedelta(seconds=90))
    text = visitor.get("/metrics").text
    late = float(re.search(r"community_jobs_late_seconds ([\d.]+)", text)[1])
    assert 90 <= late < 120
    assert 'community_jobs{state="waiting"}' in text
