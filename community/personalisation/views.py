"""Recommendations have no page of their own: home, articles and mails ask for them."""

from flask import Blueprint

bp = Blueprint("personalisation", __name__)
ON_CACHED_PAGES = ()
