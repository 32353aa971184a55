"""`/admin/` and the addresses for machines."""

from flask import Blueprint

from community.operations.views import machines, members, work

bp = Blueprint("operations", __name__)
for part in (members.bp, work.bp, machines.bp):
    bp.register_blueprint(part)
