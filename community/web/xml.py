"""Answers that machines read: feeds and sitemaps."""

import re
from typing import Any

from flask import current_app, render_template
from werkzeug.http import http_date
from werkzeug.wrappers import Response

_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml(template: str, content_type: str = "application/xml", **context: Any) -> Response:
    """An XML file; characters that XML does not know are left out."""
    base_url = current_app.config["BASE_URL"]
    return Response(
        _NOT_XML.sub("", render_template(template, base_url=base_url, **context)),
        content_type=f"{content_type}; charset=utf-8",
    )


def feed(**context: Any) -> Response:
    """A feed: its `heading`, `path` and `description`, and its `items` with their `published_at`."""
    return xml("layouts/feed.xml", "application/rss+xml", http_date=http_date, **context)
