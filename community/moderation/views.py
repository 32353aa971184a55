"""stub"""

from flask import Blueprint

bp = Blueprint("moderation", __name__)
ON_CACHED_PAGES = ()
