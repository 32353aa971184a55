"""stub"""

from flask import Blueprint

from community.web.access import everyone

bp = Blueprint("accounts", __name__)


@bp.route("/sign-in", methods=["GET", "POST"])
@everyone
def sign_in():
    return "sign in"


BLUEPRINTS = (bp,)
ON_CACHED_PAGES = ()
