"""stub"""

from flask import Blueprint

bp = Blueprint("articles", __name__, url_prefix="/<site:site>")
BLUEPRINTS = (bp,)
