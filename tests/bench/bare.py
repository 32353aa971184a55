"""The measure: a bare Flask view whose 25 KB Jinja page holds 20 rows and 180 links, and no database; and a view that
only looks whether a password fits, beside which the sign-in stands."""

from datetime import UTC, datetime, timedelta

from flask import Flask, render_template
from jinja2 import DictLoader

from community.members import passwords

PLACES = ("pregnancy", "birth", "baby", "toddler", "parents", "shop", "blogs", "forums")
WORDS = (
    "Our baby wakes up every two hours & we tried the usual things: a later bath, a darker room, less tea. "
    "Who has found what helps <really> helps at this age, and how long did it take before the nights got quieter? "
)
LAYOUT = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{% block title %}{% endblock %}</title>
<link rel="stylesheet" href="{{ url_for('static', filename='site.css') }}"></head><body>
<header><a href="{{ url_for('page') }}">Community</a><nav><ul>{% for place in places %}
<li>
<a href="{{ url_for('page', theme=place) }}"{% if loop.first %} aria-current="page"{% endif %}>
{{ place|capitalize }}</a></li>
{% endfor %}</ul></nav></header><main>{% block main %}{% endblock %}</main><aside>{% for board in boards %}
<section><h3><a href="{{ url_for('page', board=board.id) }}">{{ board.name }}</a></h3><p>{{ board.about }}</p>
<p>{{ board.topics }} topics, {{ board.posts }} posts</p></section>{% endfor %}</aside>
<footer><ul>{% for place in places %}
<li><a href="{{ url_for('page', about=place) }}">About {{ place }}</a></li>{% endfor %}</ul></footer></body></html>"""
ROW = """{% macro row(t) %}<li id="t{{ t.id }}"><article>
<h2><a href="{{ url_for('page', topic=t.id) }}">{{ t.title }}</a></h2>
<p><img src="{{ url_for('static', filename='%d.png' % t.author_id) }}" alt="" width="40" height="40">
<a href="{{ url_for('page', user=t.author_id) }}">{{ t.author }}</a>
<time datetime="{{ t.at.isoformat() }}">{{ t.at.strftime('%d %b %Y %H:%M') }}</time></p>
<p>{{ t.summary|truncate(400) }}</p><ul>{% for tag in t.tags %}
<li><a href="{{ url_for('page', tag=tag) }}">{{ tag }}</a></li>{% endfor %}</ul>
<p><span>{{ t.replies }} replies</span> <span>{{ '{:,}'.format(t.views) }} views</span></p>
</article></li>{% endmacro %}"""
LIST = """{% extends "layout" %}{% from "row" import row %}{% block title %}Topics{% endblock %}{% block main %}
<h1>Topics</h1><ol>{% for topic in topics %}{{ row(topic) }}{% endfor %}</ol><nav><ul>{% for number in range(1, 12) %}
<li><a href="{{ url_for('page', p=number) }}">{{ number }}</a></li>{% endfor %}</ul></nav>{% endblock %}"""
TOPICS = [
    {
        "id": number,
        "title": f"Who knows what to do about the nights? ({number})",
        "author": f"user{number}",
        "author_id": number,
        "at": datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=number),
        "summary": WORDS * 2,
        "tags": ("sleep", "baby", "nights", "first-child"),
        "replies": number,
        "views": number * 3_700,
    }
    for number in range(1, 21)
]
BOARDS = [
    {
        "id": number,
        "name": f"Board {number}",
        "about": "What to expect then",
        "topics": number * 13,
        "posts": number * 211,
    }
    for number in range(1, 11)
]

app = Flask(__name__)
app.jinja_loader = DictLoader({"layout": LAYOUT, "list": LIST, "row": ROW})  # type: ignore[assignment]
KEPT = passwords.hashed("a long quiet evening")


@app.get("/")
def page() -> str:
    """Rendered anew for each request."""
    return render_template("list", topics=TOPICS, places=PLACES, boards=BOARDS)


@app.get("/hash")
def hash_alone() -> str:
    """One password, as a sign-in compares it."""
    return str(passwords.fits(KEPT, "a long quiet evening"))
