"""stub"""

from flask import Blueprint

bp = Blueprint("home", __name__)
ON_CACHED_PAGES = ()
