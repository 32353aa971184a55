"""`/admin/members`: who may look, what can be done, and that it is all on record."""

import pytest

from community.core.audit import first_broken
from community.core.db import unit_of_work
from community.members import actions as members
from community.members.queries import member_by_id, sign_ins_of
from community.operations.queries.work import audit_about
from tests import makers


def deeds_about(member) -> list[str]:
    return [entry.deed for entry, _name in audit_about(member.key)]


@pytest.mark.parametrize("path", ["/admin/", "/admin/members", "/admin/members/1", "/admin/jobs", "/admin/outbox"])
def test_only_an_administrator_comes_in(path, visitor, as_bob, as_editor, as_moderator, as_admin):
    assert visitor.get(path).location.startswith("/sign-in?next=/admin/")
    assert [reader.get(path).status_code for reader in (as_bob, as_editor, as_moderator)] == [403] * 3
    assert as_admin.get(path).status_code == 200


@pytest.mark.parametrize("deed", ["roles", "roles/take", "suspend", "unsuspend"])
def test_nobody_else_changes_an_account(deed, bob, as_anna, as_moderator, as_admin):
    path = f"/admin/members/{bob.id}/{deed}"
    for reader in (as_anna, as_moderator):
        token = reader.token()
        assert reader.post(path, data={"csrf_token": token, "role": "admin", "site": ""}).status_code == 403
    assert as_admin.post(path, data={"role": "admin", "site": ""}).status_code == 400  # without a token


def test_members_are_found_by_name_or_address(as_admin, anna, bob):
    assert "bob@example.org" in as_admin.see("/admin/members?q=bo").body.text()
    assert "bob@example.org" not in as_admin.see("/admin/members?q=anna@").body.text()
    assert "Nobody by that name" in as_admin.see("/admin/members?q=100%25").body.text()


def test_the_list_goes_on_before_an_id(as_admin):
    made = [makers.member() for _ in range(55)]
    first = as_admin.see("/admin/members")
    more = next(a.attributes["href"] for a in first.css("main a") if a.text() == "Older")
    assert len(first.css("tbody tr")) == 50
    assert f"/admin/members/{made[0].id}" in as_admin.see(more).html
    assert f"/admin/members/{made[-1].id}" not in as_admin.see(more).html


def test_a_list_costs_the_same_with_5_and_with_50_members(as_admin, statements):
    for _ in range(5):
        makers.member()
    few = len(statements(lambda: as_admin.see("/admin/members")))
    for _ in range(45):
        makers.member()
    assert len(statements(lambda: as_admin.see("/admin/members"))) == few <= 8


def test_a_look_at_a_member_is_on_record(as_admin, admin, bob):
    shown = as_admin.see(f"/admin/members/{bob.id}")
    assert deeds_about(bob) == ["member.looked-at"]
    assert "member.looked-at" in shown.body.text()
    assert first_broken() is None
    assert as_admin.get("/admin/members/999").status_code == 404


def test_a_role_is_given_for_a_site_and_taken(as_admin, bob, browser_of):
    page = f"/admin/members/{bob.id}"
    assert as_admin.send(f"{page}/roles", {"role": "moderator", "site": "nl"}, page=page).status_code == 303
    assert member_by_id(bob.id).role_names == ["moderator@nl"]
    assert browser_of(member_by_id(bob.id)).get("/moderation/").status_code == 200
    assert as_admin.send(f"{page}/roles/take", {"held": "moderator@nl"}, page=page).status_code == 303
    assert member_by_id(bob.id).role_names == []
    assert deeds_about(bob)[:1] == ["role.taken"]
    assert "role.granted" in deeds_about(bob)


def test_taking_a_role_ends_the_sessions(as_admin, admin, moderator, as_moderator):
    page = f"/admin/members/{moderator.id}"
    as_admin.send(f"{page}/roles/take", {"held": "moderator@nl"}, page=page)
    assert as_moderator.get("/moderation/").status_code == 302


def test_an_administrator_is_one_everywhere(as_admin, bob):
    page = f"/admin/members/{bob.id}"
    as_admin.send(f"{page}/roles", {"role": "admin", "site": "nl"}, page=page)
    assert member_by_id(bob.id).role_names == ["admin@*"]


def test_nobody_changes_their_own_roles(as_admin, admin):
    token = as_admin.token()
    own = f"/admin/members/{admin.id}"
    assert as_admin.see(own).css_first("[name=role]") is None
    give = {"csrf_token": token, "role": "editor", "site": ""}
    assert as_admin.post(f"{own}/roles", data=give).status_code == 403
    assert as_admin.post(f"{own}/roles/take", data={**give, "held": "admin@*"}).status_code == 403
    assert as_admin.post(f"{own}/suspend", data=give).status_code == 403


def test_a_role_that_is_none_is_said_in_words(as_admin, bob):
    page = f"/admin/members/{bob.id}"
    answer = as_admin.send(f"{page}/roles", {"role": "queen", "site": ""}, page=page)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    for odd in ({"role": "member", "site": ""}, {"role": "editor", "site": "xx"}, {}):
        assert as_admin.send(f"{page}/roles", odd, page=page).status_code == 422
    assert member_by_id(bob.id).role_names == []


def test_a_closed_account_is_signed_out_and_can_be_opened_again(as_admin, bob, as_bob):
    page = f"/admin/members/{bob.id}"
    as_admin.send(f"{page}/suspend", page=page)
    assert as_bob.get("/moderation/").location.startswith("/sign-in")
    assert (member_by_id(bob.id).state, sign_ins_of(bob)) == ("suspended", [])
    as_admin.send(f"{page}/unsuspend", page=page)
    assert member_by_id(bob.id).state == "active"
    assert {"member.suspended", "member.unsuspended"} <= set(deeds_about(bob))


def test_an_unconfirmed_account_is_not_opened_by_a_detour(as_admin):
    newcomer = makers.member("Nora", confirmed=False)
    assert "Close the account" not in as_admin.see(f"/admin/members/{newcomer.id}").body.text()


def test_names_are_text(as_admin):
    made = makers.member("Nina")
    with unit_of_work():
        member_by_id(made.id).name = "<script>alert(1)</script>"
    assert "<script>alert" not in as_admin.see("/admin/members").html
    assert "<script>alert" not in as_admin.see(f"/admin/members/{made.id}").html


def test_an_erased_member_has_no_name_and_no_roles_to_give(as_admin, bob):
    with unit_of_work():
        members.erase_identity(member_by_id(bob.id))
    shown = as_admin.see(f"/admin/members/{bob.id}")
    assert "Former member" in shown.css_first("h1").text()
    assert shown.css_first("[name=role]") is None
