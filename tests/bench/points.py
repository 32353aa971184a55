"""What is measured: which pages of the site in the data folder, asked by whom, and how a request is written."""

import itertools
import secrets
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urlencode

from flask import Flask
from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import event, func, select

from community.articles.models import Article
from community.core.db import db, unit_of_work
from community.core.permissions import Role
from community.forums.models import Board, Topic
from community.items.models import Item, Post, State, Visibility
from community.members import actions as members
from community.members.models import Identity, Member, MemberState
from community.members.queries import member_by_email
from community.members.views import PROVED_AT
from community.profiles.models import Child
from community.search.languages import STOP, said_in
from community.segments.actions import keep_segment
from community.segments.conditions import of_json
from community.shop.models import Product
from community.sites.models import SITES, Site

PASSWORD = secrets.token_urlsafe(12)
AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
A_BODY = "We had the same with our second one. An earlier supper and a walk before bed helped us, number {}."
LETTERS_OF_900_WORDS = 5_400
REVIEWS_OF_A_PRODUCT = 200
OF_A_MEMBER = b'action="/sign-out"'  # stands on a member's pages, and on no others
A_MARKETER = "bench@example.org"
THREE_CONDITIONS = [
    {"field": "week", "is": "between", "low": 8, "high": 36},
    {"field": "read", "is": "any", "number": 2, "days": 90},
    {"field": "orders", "is": "none"},
]
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Found:
    """The things of this site that the pages are about."""

    site: str
    article: str
    board: str
    topic: str
    answered: str
    product: str  # with about 200 reviews
    email: str
    writer: str  # another one, who posts: the home of who writes without end grows


@dataclass
class Point:
    """A page, who asks for it, and its fields where it is sent."""

    page: str
    path: str
    who: str = "visitor"
    cached: bool = False
    cookie: str = ""
    fields: dict[str, str] | None = None
    beside: str = "/"  # what is asked of the bare server in the same rounds

    @property
    def label(self) -> str:
        """How its row is called."""
        return f"{self.page}, {self.who}{', from the cache' if self.cached else ''}"

    @property
    def is_fresh(self) -> bool:
        """Whether no answer may come from the cache: each request has an address that was never asked for."""
        return self.who == "visitor" and not self.cached and self.fields is None

    def is_right(self, status: int, body: bytes) -> bool:
        """Whether this is the answer that is measured: the page itself, a member's own, or where a form leads."""
        if self.fields is not None:
            return status == 303
        return status == 200 and (OF_A_MEMBER in body) == (self.who == "member")

    def address(self) -> str:
        """Where the next request goes."""
        mark = "&" if "?" in self.path else "?"
        return f"{self.path}{mark}fresh={secrets.token_hex(6)}" if self.is_fresh else self.path

    def next_fields(self) -> dict[str, str]:
        """What the next request sends: a form with a key of its own, and with words that were not sent before."""
        number = next(_numbers)
        varied = {"form_key": secrets.token_urlsafe(16), "body": A_BODY.format(number)}
        return {name: varied.get(name, value) for name, value in (self.fields or {}).items()}

    def request(self) -> bytes:
        """The next request as it goes over the wire."""
        head = f"Host: 127.0.0.1\r\nUser-Agent: {AGENT}\r\n" + (f"Cookie: {self.cookie}\r\n" if self.cookie else "")
        if self.fields is None:
            return f"GET {self.address()} HTTP/1.1\r\n{head}\r\n".encode()
        body = urlencode(self.next_fields())
        kind = f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
        return f"POST {self.path} HTTP/1.1\r\n{head}{kind}\r\n{body}".encode()


def look_around() -> Found:
    """The largest board, a full topic, an article of about 900 words and two members who told us of a child."""
    board = db.session.scalars(select(Board).where(Board.group_id.is_(None)).order_by(Board.item_count.desc())).first()
    assert board is not None, "the site has no boards"
    public = Item.site == board.site, Item.state == State.LIVE, Item.visibility == Visibility.PUBLIC
    near = func.abs(func.length(Article.body) - LETTERS_OF_900_WORDS)
    article = db.session.scalars(select(Article.path).where(*public).order_by(near)).first()
    fullness = func.abs(Topic.post_count - 30), Topic.id
    topics = db.session.scalars(select(Topic.path).where(*public, Topic.is_locked.is_(False)).order_by(*fullness)).all()
    told = select(Child.member_id)
    ready = Member.site == board.site, Member.state == MemberState.ACTIVE, Member.personalisation, Member.id.in_(told)
    guests = select(Member).where(*ready, Member.guarded_since.is_(None)).order_by(Member.id.desc())
    member, writer = islice((one for one in db.session.scalars(guests) if not one.is_staff), 2)
    fitting = func.abs(Product.review_count - REVIEWS_OF_A_PRODUCT), Product.id
    product = db.session.scalars(select(Product.path).where(*public).order_by(*fitting)).first()
    assert product is not None, "the site has no products"
    emails = member.email or "", writer.email or ""
    found = Found(board.site.path, article or "", board.path, topics[0], topics[1], product, *emails)
    with unit_of_work():
        for one in (member, writer):
            members.change_password(db.session.get_one(Member, one.id), PASSWORD)
    return found


def points_of(found: Found, app: Flask) -> list[Point]:
    """All rows of the table."""
    public = [
        ("front", found.site),
        ("article", found.article),
        ("list", found.board),
        ("list-80", f"{found.board}?page=80"),
        ("topic", found.topic),
        ("product", found.product),
    ]
    visitor, writer = app.test_client(), signed_in(app, found.writer)
    door = {**hidden_fields(visitor, "/sign-in"), "email": found.email, "password": PASSWORD}
    reply = {**hidden_fields(writer, f"{found.answered}/reply"), "body": ""}
    session = cookies_of(signed_in(app, found.email))
    return [
        *(Point(page, path, cached=True) for page, path in public),
        *(Point(page, path) for page, path in public),
        *(Point(page, path, "member", cookie=session) for page, path in [*public, ("home", f"{found.site}home")]),
        Point("post", f"{found.answered}/posts", "member", cookie=cookies_of(writer), fields=reply),
        Point("sign-in", "/sign-in", cookie=cookies_of(visitor), fields=door, beside="/hash"),
        segment_of(SITES[found.site.strip("/")], app),
    ]


def segment_of(site: Site, app: Flask) -> Point:
    """An audience of three conditions with its counts, as a marketer sees it."""
    with app.app_context(), unit_of_work():
        marketer = member_by_email(A_MARKETER) or members.register(Identity(A_MARKETER, "Bench", PASSWORD, site))
        marketer.state = MemberState.ACTIVE
        members.grant_role(marketer, Role.MARKETER, None, None)
        token = members.begin_session(marketer, "Bench")
        segment = keep_segment(site, marketer, "Bench", of_json({"all": THREE_CONDITIONS}))
        path = f"/marketing/segments/{segment.id}"
    client = app.test_client()
    with client.session_transaction() as session:
        session.update({"_user_id": token, "_fresh": True, PROVED_AT: time.time()})
    return Point("segment", path, "member", cookie=cookies_of(client))


def searches_of(found: Found, app: Flask) -> list[Point]:
    """A search for the word that most posts of the site hold."""
    with app.app_context():
        path = f"{found.site}search?q={commonest_word(found.site.strip('/'))}"
    return [Point("search", path), Point("search", path, "member", cookie=cookies_of(signed_in(app, found.email)))]


def commonest_word(language: str) -> str:
    """The word that stands in most posts, of those that say something."""
    bodies = db.session.scalars(select(Post.body).join(Post.item).where(Item.site == SITES[language]).limit(2_000))
    words = Counter(word for body in bodies for word in set(said_in(body)) - STOP[language])
    return words.most_common(1)[0][0]


def signed_in(app: Flask, email: str) -> FlaskClient:
    """A browser in which a member signed in."""
    client = app.test_client()
    client.post("/sign-in", data={**hidden_fields(client, "/sign-in"), "email": email, "password": PASSWORD})
    return client


def hidden_fields(client: FlaskClient, path: str) -> dict[str, str]:
    """The hidden fields of the form that a page is for."""
    page = LexborHTMLParser(client.get(path, headers={"User-Agent": AGENT}).text)
    found = page.css("main form input[type=hidden]")
    return {field.attributes["name"] or "": field.attributes.get("value") or "" for field in found}


def cookies_of(client: FlaskClient) -> str:
    """What a browser would send."""
    cookie = client.get_cookie("session")
    return f"session={cookie.value}" if cookie else ""


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    """The statements that are sent to the database."""
    sent: list[str] = []
    with app.app_context():  # a request has a context of its own, so this one ends before
        engine = db.engine

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


def look_at(point: Point, app: Flask) -> tuple[int, int, int]:
    """(status, statements, bytes as a browser gets them) of one answer; the second, as the first may fill caches."""
    client = app.test_client(use_cookies=False)
    headers = {"User-Agent": AGENT, "Accept-Encoding": "gzip, br", "Cookie": point.cookie}
    for _time in range(2):
        with counted(app) as sent:
            if point.fields is None:
                answer = client.get(point.address(), headers=headers)
            else:
                answer = client.post(point.path, data=point.next_fields(), headers=headers)
    return answer.status_code, len(sent), len(answer.data)
