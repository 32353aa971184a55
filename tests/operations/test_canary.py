"""A person with names that nobody else has uses every room and goes: no byte of them is left (`features.md` 4.16)."""

import io
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from contextlib import closing
from http.cookiejar import CookieJar
from pathlib import Path

import pytest
from PIL import Image
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from community.chat import actions as chat
from community.chat.queries import room_at
from community.core import audit
from community.core.db import db, unit_of_work
from community.core.limits import limiter
from community.items import actions as items
from community.items.models import Item, Post, Stance
from community.items.queries import post_by_id
from community.media.actions import keep_picture, render
from community.members.models import Member
from community.messages.actions.suppression import stop_mail
from community.messages.models import BounceKind
from community.moderation.actions import decisions, people
from community.moderation.actions.decisions import Choice
from community.moderation.actions.reports import report
from community.moderation.models import Concern, Deed
from community.moderation.reasons import Reason
from community.operations import erasures
from community.operations.actions.leaving import erase
from community.profiles import actions as profiles
from community.profiles.models import Fact
from community.search.actions import follow
from community.search.place import place
from tests import makers
from tests.running import ROOT, Running
from tests.shop import makers as shop

NAME, TOWN, SONG = "Quillonxa", "Zwyndrechtoria", "umbrellaphant"
EMAIL = "quillonxa@example.org"
NEVER_AGAIN = (NAME, TOWN, SONG, EMAIL)


@pytest.fixture
def her(app, browser_of, run_jobs):
    """Somebody who did everything that one can do here, and to whom everything was done."""
    place.drop()
    for path in (*pictures_of(app).iterdir(), app.config["DATA_DIR"] / erasures.NAME):
        path.unlink(missing_ok=True)
    her = makers.member(NAME, consents=("personalisation", "analytics", "mail", "offers"))
    bob = makers.member("Bob", consents=("mail",))
    moderator = makers.member("Mo", role="moderator", role_site="nl")
    as_her = browser_of(her)
    as_her.send("/account/profile", {"name": NAME, "town": TOWN, "about": f"The {SONG} sings.", "title": SONG})
    makers.pregnancy(her)
    article, board = makers.article("On sleep", theme="Sleep"), makers.board("Nights")
    as_her.get(article.path, headers={"User-Agent": "Mozilla/5.0 Firefox/140"})
    comment = makers.comment(article, her, f"My {SONG} sleeps.")
    topic = makers.topic(board, her, f"Where is the {SONG}?", f"Ask {NAME} or the {SONG}.")
    hidden = makers.topic(board, her, f"No one knows this {SONG}", f"Still the {SONG}.", is_anonymous=True)
    makers.reply(topic, bob, f"@{NAME.lower()} have you seen it?")
    theirs = makers.topic(board, bob, "Bob's nights")
    answer = makers.reply(theirs, her, f"The {SONG} was here.")
    makers.club(members=[her])
    _talk_live(her, bob)
    shop.order(her, shop.product())
    _be_known(her, bob, article, comment)
    _be_judged(her, as_her, bob, moderator, answer)
    _upload(her)
    limiter.wait("post", f"member:{her.id}")
    run_jobs()
    follow()
    assert hidden.path
    return her


def _talk_live(her, bob):
    """A line of hers in the chat, and one that names her."""
    with unit_of_work():
        chat.open_rooms(her.site, [])
        room = room_at(her.site, chat.EVERYBODYS)
        chat.say(room, db.session.get_one(Member, her.id), f"My {SONG} talks.")
        chat.say(room, db.session.get_one(Member, bob.id), f"@{NAME.lower()} talks too.")
        chat.keep_visits([{"room_id": room.id, "member_id": her.id, "read_line_id": 1}])


def _be_known(her, bob, article, comment):
    """Ties, drafts, edits, mails, what a mail server said."""
    with unit_of_work():
        her, bob = db.session.get_one(Member, her.id), db.session.get_one(Member, bob.id)
        items.follow(bob, her, Stance.FOLLOW)
        items.follow(her, db.session.get_one(Item, article.id), Stance.FOLLOW)
        items.keep_draft(her, "topic:1", {"body": f"Half an {SONG}"})
        items.keep_draft(bob, "topic:2", {"body": f"Dear @{NAME.lower()}, listen"})
        post = post_by_id(comment.id)
        items.edit_post(post, f"My {SONG} is awake.")
        profiles.set_tasks(her, {SONG}, {SONG})
        stop_mail(EMAIL, BounceKind.SOFT, "4.2.2", f"{EMAIL} is full", her.joined_at, f"<{SONG}@example.net>")
        db.session.add(Fact(member_id=her.id, name=SONG, value=NAME, source=f"{SONG} shop", at=her.joined_at))
        audit.keep("member.looked-at", her.key, bob.id)
        audit.keep("writer.revealed", post.key, bob.id, why=f"Is this {NAME} of {TOWN}?")


def _be_judged(her, as_her, bob, moderator, answer):
    """A report by her, a decision about her, her appeal, a note."""
    with unit_of_work():
        her, bob, moderator = (db.session.get_one(Member, person.id) for person in (her, bob, moderator))
        thing = decisions.thing_of(Concern(about=f"post:{answer.id}"))
        decided = decisions.decide_about(thing, moderator, Choice(Deed.HIDE, "hate", f"Dear {NAME}, no {SONG}.", None))
        report(bob, her, next(iter(Reason)), f"Bob took my {SONG}")
        people.keep_note(her, moderator, f"{NAME} sings of an {SONG}")
        decision_id = decided.id
    as_her.send(f"/account/decisions/{decision_id}", {"words": f"But my {SONG} did not"})


def _upload(her):
    image, content = Image.new("RGB", (40, 30), "red"), io.BytesIO()
    exif = image.getexif()
    exif[0x013B] = NAME
    image.save(content, "JPEG", exif=exif)
    content.seek(0)
    rendered = render(content)
    with unit_of_work():
        keep_picture(rendered, f"An {SONG}", db.session.get_one(Member, her.id), f"{NAME}.jpg")


def traces(folder, words=NEVER_AGAIN):
    """Files in which one of the words stands, as UTF-8 or UTF-16, in any case."""
    found = []
    for path in sorted(folder.rglob("*")):
        content = path.read_bytes().lower() if path.is_file() else b""
        for word in words:
            for code in ("utf-8", "utf-16-le", "utf-16-be"):
                if word.lower().encode(code) in content:
                    found.append((path.name, word, _around(content, word.lower().encode(code))))
    return found


def within(seconds, holds):
    until = time.monotonic() + seconds
    while not (is_so := holds()) and time.monotonic() < until:
        time.sleep(0.2)
    return is_so


def _around(content, word):
    at = content.index(word)
    return content[max(0, at - 60) : at + 60]


def log_of_database_is_empty(folder):
    with closing(sqlite3.connect(folder / "community.db")) as database:
        return database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0


@pytest.mark.parametrize(("with_posts", "words"), [(True, NEVER_AGAIN), (False, (NAME, TOWN, EMAIL))])
def test_no_byte_of_a_person_is_left(app, her, visitor, run_jobs, with_posts, words):
    folder = app.config["DATA_DIR"]
    visitor.get("/nl/forums/")
    with unit_of_work():
        member = db.session.get_one(Member, her.id)
        if not with_posts:
            _leave_own_name_out(her)
        erase(member, with_posts)
    run_jobs()
    follow()
    app.extensions["cache"][next(iter(app.extensions["cache"]))].clear()
    db.session.remove()
    db.engine.dispose()
    assert log_of_database_is_empty(folder)
    assert traces(folder, words) == []


def _leave_own_name_out(her):
    """What she wrote about herself by name in a text that she lets stand stays: the choice is hers."""
    for post in db.session.query(Post).filter(Post.body.contains(NAME)):
        if post.author_id == her.id:
            post.body = post.body_html = "x"
    for item in db.session.query(Item).filter(Item.summary.contains(NAME)):
        item.summary = ""


@pytest.mark.faults
def test_no_byte_is_left_by_the_programs_that_run(app, her, tmp_path):
    makers.stamp()
    copy_of_site(app, tmp_path)
    assert traces(tmp_path)
    site = Running(tmp_path, COMMUNITY_LOG_LEVEL="DEBUG")
    (tmp_path / "logs").mkdir()
    try:
        for name in ("serve", "worker"):
            start_with_log(site, name, tmp_path / "logs" / name)
        site.await_answer(60)
        assert within(20, lambda: traces(tmp_path / "index"))
        reader = Reader(site.base)
        for path in ("/nl/", "/nl/forums/", f"/nl/members/{NAME.lower()}", "/nl/articles/on-sleep"):
            reader.see(path)
        reader.send("/sign-in", email=EMAIL, password="wrong for sure")
        reader.send("/sign-in", email=EMAIL, password=makers.PASSWORD)
        reader.see("/account/")
        assert "/deleted" in reader.send("/account/delete", password=makers.PASSWORD, posts="gone")
        assert within(5, lambda: traces(tmp_path / "index") == [])
    finally:
        for process in site.processes.values():
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(20)
        site.processes.clear()
    assert log_of_database_is_empty(tmp_path)
    assert traces(tmp_path) == []


def pictures_of(app):
    """Where the files of pictures lie."""
    return Path(app.config["MEDIA_URL"])


def copy_of_site(app, folder):
    """The database and the pictures of the tests' own application, for programs of their own."""
    db.session.remove()
    with closing(sqlite3.connect(app.config["DATA_DIR"] / "community.db")) as source:
        source.execute("PRAGMA secure_delete = ON")
        with closing(sqlite3.connect(folder / "community.db")) as target:
            source.backup(target)
    shutil.copytree(pictures_of(app), folder / "media")


def start_with_log(site, name, log):
    with log.open("wb") as file:
        site.processes[name] = subprocess.Popen(
            [sys.executable, "-m", "flask", name],
            cwd=ROOT, env=site.environment, start_new_session=True, stdout=file, stderr=file,
        )  # fmt: skip


class Reader:
    """A browser over HTTP."""

    def __init__(self, base):
        self.base = base
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def see(self, path, fields=None):
        content = urllib.parse.urlencode(fields).encode() if fields else None
        request = urllib.request.Request(self.base + path, content, {"User-Agent": "Mozilla/5.0 Firefox/140"})
        try:
            answer = self.opener.open(request, timeout=20)
        except urllib.error.HTTPError as error:
            answer = error
        self.path = urllib.parse.urlsplit(answer.url).path
        return answer.read().decode()

    def send(self, path, **fields):
        """Fill in the form that posts to a path; where that led."""
        form = next(f for f in HTMLParser(self.see(path)).css("form") if f.attributes.get("action") in (path, None))
        hidden = {i.attributes["name"]: i.attributes.get("value") or "" for i in form.css("input[type=hidden]")}
        self.see(path, {**hidden, **fields})
        return self.path
