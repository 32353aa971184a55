"""stub"""

from flask import Blueprint

bp = Blueprint("operations", __name__)
ON_CACHED_PAGES = ()
