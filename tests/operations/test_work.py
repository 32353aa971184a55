"""`/admin/jobs` and `/admin/outbox`: what waits, what failed, one more try, and a mail's words."""

import pytest

from community.core import clock, jobs
from community.core.db import db, unit_of_work
from community.core.jobs import JobRow
from community.messages.models import Mail, MailClass, MailState
from community.messages.queries.mails import mail_by_id
from community.operations.queries.work import audit_about
from tests import makers
from tests.operations import fails_always


@pytest.fixture
def failed_job(app, run_jobs):
    with unit_of_work():
        fails_always.later(7)
    for row in jobs.jobs_page(None, None):
        for _ in range(jobs.ATTEMPTS):
            with unit_of_work():
                fresh = db.session.get_one(JobRow, row.id)
                fresh.run_at = fresh.created_at
            jobs.run(row.id)
    return jobs.jobs_page("failed", None)[0]


def a_mail(to, text="Hello,\n\nopen http://localhost/confirm/abc to go on.\n", state=MailState.WAITING):
    """A mail as composed, without the words of another room."""
    with unit_of_work():
        mail = Mail(member_id=to.id, mail_class=MailClass.SERVICE, name="confirm", subject="Welcome", text=text)
        mail.html, mail.state, mail.created_at = "<b>bold</b>", state, clock.now()
        db.session.add(mail)
        db.session.flush()
        return mail.id


def test_a_failed_job_shows_its_error_and_is_tried_again(as_admin, failed_job):
    shown = as_admin.see("/admin/jobs?state=failed")
    assert "this never works" in shown.body.text()
    assert as_admin.send(f"/admin/jobs/{failed_job.id}/again", page="/admin/jobs").status_code == 303
    assert jobs.jobs_page("failed", None) == []
    assert [job.id for job in jobs.jobs_page("waiting", None)] == [failed_job.id]


def test_only_failed_jobs_can_be_tried_again(as_admin, app):
    with unit_of_work():
        fails_always.later(1)
    assert as_admin.see("/admin/jobs").css_first("form[action^='/admin/jobs/']") is None


def test_jobs_show_projections_and_schedules(as_admin):
    words = as_admin.see("/admin/jobs").body.text()
    assert "Projections" in words
    assert "core.jobs.forget_done" in words


def test_an_unknown_state_shows_all(as_admin, failed_job):
    assert "this never works" in as_admin.see("/admin/jobs?state=nonsense").body.text()
    assert as_admin.get("/admin/jobs?before=x").status_code == 200


def test_jobs_cost_the_same_with_5_and_with_50_rows(as_admin, statements):
    def add(count):
        with unit_of_work():
            for number in range(count):
                fails_always.later(number)

    add(5)
    few = len(statements(lambda: as_admin.see("/admin/jobs")))
    add(45)
    assert len(statements(lambda: as_admin.see("/admin/jobs"))) == few <= 8


def test_the_outbox_shows_a_mail_with_a_link_to_follow(as_admin, anna):
    mail_id = a_mail(anna)
    assert "anna@example.org" in as_admin.see("/admin/outbox").body.text()
    shown = as_admin.see(f"/admin/outbox/{mail_id}")
    assert shown.css_first("a[href='http://localhost/confirm/abc']").text() == "http://localhost/confirm/abc"
    assert [entry.deed for entry, _name in audit_about(anna.key)] == ["mail.read"]


def test_a_mails_html_is_shown_as_source_and_never_runs(as_admin, anna):
    mail_id = a_mail(anna, text='<script>alert(1)</script> and http://x.example/"onmouseover=alert(1)')
    html = as_admin.see(f"/admin/outbox/{mail_id}").html
    assert "<script>alert(1)" not in html
    assert "<b>bold</b>" not in html
    assert "&lt;b&gt;bold" in html
    assert 'onmouseover="' not in html


def test_mails_of_unknown_fate_are_sent_again_by_a_person_alone(app, as_admin, anna):
    mail_id = a_mail(anna, state=MailState.UNKNOWN)
    app.config["MAIL_URL"] = "smtp://127.0.0.1:1"
    try:
        page = f"/admin/outbox/{mail_id}"
        assert as_admin.send(f"{page}/again", page=page).status_code == 303
        assert mail_by_id(mail_id).state == MailState.WAITING
        assert "mail.sent-again" in [entry.deed for entry, _name in audit_about(anna.key)]
        assert as_admin.see(page).css_first(f"form[action='{page}/again']") is None
    finally:
        app.config["MAIL_URL"] = ""


def test_a_sent_mail_is_not_sent_again(as_admin, anna):
    mail_id = a_mail(anna, state=MailState.SENT)
    token = as_admin.token()
    assert as_admin.post(f"/admin/outbox/{mail_id}/again", data={"csrf_token": token}).status_code == 403


def test_without_a_mail_server_the_outbox_says_so(as_admin):
    assert "COMMUNITY_MAIL_URL" in as_admin.see("/admin/outbox").body.text()


def test_the_outbox_costs_the_same_with_5_and_with_50_mails(as_admin, statements):
    def add(count):
        for _ in range(count):
            a_mail(makers.member())

    add(5)
    few = len(statements(lambda: as_admin.see("/admin/outbox")))
    add(45)
    assert len(statements(lambda: as_admin.see("/admin/outbox"))) == few <= 8


def test_others_do_not_read_mails_or_move_jobs(as_bob, as_editor, anna, failed_job):
    mail_id = a_mail(anna)
    for reader in (as_bob, as_editor):
        token = reader.token()
        assert reader.get(f"/admin/outbox/{mail_id}").status_code == 403
        for path in (f"/admin/outbox/{mail_id}/again", f"/admin/jobs/{failed_job.id}/again"):
            assert reader.post(path, data={"csrf_token": token}).status_code == 403


def test_the_overview_tells_of_failures(as_admin, failed_job):
    assert "One job failed" in as_admin.see("/admin/").body.text()
