"""stub"""

from flask import Blueprint

bp = Blueprint("personalisation", __name__)
ON_CACHED_PAGES = ()
