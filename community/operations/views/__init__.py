"""`/admin/`, a member's export and end, and the addresses for machines."""

from flask import Blueprint

from community.operations.views import leaving, machines, members, work

bp = Blueprint("operations", __name__)
for part in (leaving.bp, members.bp, work.bp, machines.bp):
    bp.register_blueprint(part)
