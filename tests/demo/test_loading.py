"""`flask demo load`: whole at the first run, without doubles at the second."""

import json
import shutil
import stat
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from pyotp import TOTP
from sqlalchemy import func, select

from community.articles.models import Article, StageNote, StageTask
from community.core import clock
from community.core.db import db, shorten_log, unit_of_work
from community.demo import texts
from community.demo.actions import loading
from community.demo.actions.scene import AWAY, past
from community.forums.models import Board, Topic
from community.groups.models import Group
from community.items.models import Post, State, Tag, Thank
from community.items.queries import held_posts
from community.media.models import Picture
from community.members import second_step
from community.members.actions import is_password
from community.members.models import ConsentGiven, Member
from community.members.queries import member_by_email
from community.messages.models import Notice
from community.moderation.models import Appeal, Decision, Report
from community.profiles.models import Child, Interest
from community.shop.models import Product
from community.sites.models import SITES
from community.touchpoints.models import Touchpoint, Verb
from tests import makers
from tests.databases import begin_anew

TABLES = (Member, Child, Interest, ConsentGiven, Tag, Article, Picture, StageNote, StageTask, Post, Touchpoint)
TALK = (Board, Topic, Group, Thank, Notice, Report, Decision, Appeal)


@pytest.fixture
def load(app):
    def run() -> dict:
        return loaded_in(app)

    yield run
    kept_in(app).unlink(missing_ok=True)


@pytest.fixture(scope="module")
def first_load(_app, database, tmp_path_factory):
    """What the first load told, its rows and its file of passwords: loaded once for all tests of this file."""
    with _app.app_context():
        begin_anew(database)
        makers.go_to_noon()
        makers.stamp()
        told = loaded_in(_app)
        assert shorten_log()  # all of it is in the file now
        db.session.remove()
        db.engine.dispose()
    kept = tmp_path_factory.mktemp("loaded")
    shutil.copy(database.file, kept)
    shutil.move(kept_in(_app), kept)
    return told, kept


@pytest.fixture
def first(first_load, load, app, database):
    """What the first load told, on the rows that it made, an hour later."""
    clock.move_by(timedelta(hours=1))
    told, kept = first_load
    begin_anew(database, kept / database.file.name)
    shutil.copy2(kept / kept_in(app).name, kept_in(app))
    return told


def loaded_in(app) -> dict:
    answer = app.test_cli_runner().invoke(args=["demo", "load", "--json"])
    assert answer.exit_code == 0, answer.output
    return json.loads(answer.stdout)


def kept_in(app) -> Path:
    return app.config["DATA_DIR"] / "demo-sign-ins.json"


def counts() -> dict[str, int]:
    db.session.rollback()
    return {table.__name__: db.session.scalar(select(func.count()).select_from(table)) for table in (*TABLES, *TALK)}


def test_all_of_it_is_taken_once(first, load, app):
    assert first["problems"] == []
    assert first["unchanged"] == {}
    there = counts()
    assert there["Article"] == len(texts.articles()) == 80
    assert there["Member"] == len(texts.people()) >= 20
    written = sum(len(topic["posts"]) for topic in texts.topics()) + sum("words" in r for r in texts.reports())
    answered = sum(len(story.get("comments", ())) for story in texts.stories())
    assert there["Post"] == len(texts.comments()) + written + answered
    assert there["Topic"] == len(texts.topics()) >= 60
    second = load()
    assert (second["created"], second["problems"]) == ({}, [])
    assert second["unchanged"] == first["created"]
    assert counts() == there
    assert second["sign_ins"] == first["sign_ins"]
    check_passwords(first["sign_ins"], app)
    check_times()
    check_moderators_have_something()
    check_consent()
    check_talk()
    check_desk()
    check_bell()
    check_shop()


def check_passwords(sign_ins, app):
    """Random, working, for every role, and readable by their owner alone."""
    assert {"admin", "editor", "moderator", "marketer", "service", "expert", "member"} <= {s["role"] for s in sign_ins}
    assert len({s["password"] for s in sign_ins}) == len(sign_ins)
    one = sign_ins[0]
    assert is_password(member_by_email(one["email"]), one["password"])
    assert stat.S_IMODE(kept_in(app).stat().st_mode) == 0o600
    source = "".join(p.read_text() for p in Path(texts.__file__).parent.rglob("*") if p.suffix in (".py", ".toml"))
    assert not any(s["password"] in source for s in sign_ins)


def check_times():
    """Nothing lies ahead, and articles keep their own day."""
    now = clock.now()
    for moment in (Touchpoint.at, Post.created_at, Article.published_at, Member.joined_at, ConsentGiven.at):
        assert db.session.scalar(select(func.max(moment))) <= now
    days = {a.published_at.date() for a in db.session.scalars(select(Article))}
    assert len(days) >= 20
    fever = texts.article_at(texts.CONTENT / "en/articles/fever.md")
    article = db.session.scalar(select(Article).where(Article.slug == fever["slug"]))
    assert article.reviewed_on == past(fever["reviewed_on"])


def check_moderators_have_something():
    for code in ("nl", "en"):
        waiting = [post for post in held_posts([SITES[code]]) if post.held_because == "first-link"]
        assert len(waiting) == 1
        assert "https://" in waiting[0].body


def check_talk():
    """Eight boards a site, one of them quiet; three clubs; every board has a conversation; anonymous parents."""
    boards = db.session.scalars(select(Board).where(Board.group_id.is_(None))).all()
    assert len(boards) == 16
    assert sum(board.is_quiet for board in boards) == 2
    assert all(board.item_count for board in boards)
    clubs = db.session.scalars(select(Group)).all()
    assert len(clubs) == 3
    assert all(club.member_count >= 3 for club in clubs)
    anonymous = db.session.scalars(select(Post).where(Post.pseudonym_id.is_not(None))).all()
    assert len(anonymous) >= 3
    assert all(post.author_id is None for post in anonymous)
    topics = db.session.scalars(select(Topic)).all()
    assert sum(topic.accepted_number is not None for topic in topics) >= 20
    assert sum(topic.is_pinned for topic in topics) >= 2
    assert sum(topic.is_locked for topic in topics) == 1
    assert any(topic.is_quiet and topic.slug.endswith("after-a-loss-last-year") for topic in topics)
    assert sum(topic.post_count == 1 for topic in topics) >= 2


def check_desk():
    """Twelve reports, some decided, one appeal that waits for another moderator."""
    assert db.session.scalar(select(func.count()).select_from(Report)) == 12
    deeds = set(db.session.scalars(select(Decision.deed).join(Report, Report.concern_id == Decision.concern_id)))
    assert deeds == {"hide", "warn", "edit", "keep"}
    assert [appeal.decided_at for appeal in db.session.scalars(select(Appeal))] == [None]


def check_shop() -> None:
    for site in (SITES["nl"], SITES["en"]):
        found = db.session.scalars(select(Product).where(Product.site == site, Product.state == State.LIVE)).all()
        assert len(found) == 30
        assert all(product.picture_id and product.stage_label and product.price_label for product in found)
    told = Counter(db.session.scalars(select(Touchpoint.verb).where(Touchpoint.verb.like("order.%"))))
    sent_back = sum(bool(order["returned"]) for order in texts.orders())
    assert told == {Verb.ORDER_PLACED: 120, Verb.ORDER_RETURNED: sent_back}


def check_bell():
    """What is older than everybody's last visit was read; something is new."""
    last_visit = clock.now() - AWAY
    notices = db.session.scalars(select(Notice)).all()
    assert {notice.kind for notice in notices} >= {"answer", "thanks", "accepted"}
    assert all(notice.read_at for notice in notices if notice.at < last_visit)
    assert any(not notice.read_at for notice in notices)


def check_consent():
    """Who agreed to nothing left no reading; who pressed the one stop is guarded."""
    roos = member_by_email("roos@demo.example")
    reading = select(Touchpoint).where(Touchpoint.verb.in_((Verb.PAGE_READ, Verb.PAGE_LEFT)))
    assert db.session.scalars(reading.where(Touchpoint.member_id == roos.id)).all() == []
    assert db.session.scalars(reading).all() != []
    assert member_by_email("claire@demo.example").guarded_since is not None


def test_what_does_not_fit_is_named_and_stops_nothing_else(app, monkeypatch):
    broken = {"article": "nowhere", "language": "en", "author": "emily", "body": "Hm.", "days_ago": 1}
    monkeypatch.setattr(texts, "articles", lambda: [{"key": "gone", "language": "en", "path": Path("/nowhere.md")}])
    monkeypatch.setattr(texts, "people", lambda: [])
    for name in (
        "ambassadors", "boards", "cases", "evenings", "orders", "readers", "reports", "segments", "stories",
        "synonyms", "topics",
    ):  # fmt: skip
        monkeypatch.setattr(texts, name, lambda: [])
    monkeypatch.setattr(texts, "comments", lambda: [{**broken, "ago": clock.now() - clock.now()}])
    told = []
    loaded = loading.load({}, set(), lambda *progress: told.append(progress))
    assert len(loaded.problems) == 2
    assert "comments: en nowhere emily" in loaded.problems[1]
    assert loaded.created["themes"] == 16
    assert told[0] == ("themes", 1, 16)


def test_a_lost_file_of_passwords_means_new_ones(first, load, app):
    kept_in(app).unlink()
    second = load()
    assert first["sign_ins"] != second["sign_ins"]
    one = second["sign_ins"][-1]
    assert is_password(member_by_email(one["email"]), one["password"])


def test_an_earlier_clock_moves_the_days_back(app):
    clock.move_to(texts._read("people.toml")["person"][0]["joined_on"].replace(year=2024))
    with unit_of_work():
        for theme in texts.themes():
            loading.put_theme(theme)
    with unit_of_work():
        loading.put_person({"lotte@demo.example": makers.PASSWORD}, set(), texts.people()[0])
    assert member_by_email("lotte@demo.example").joined_at <= clock.now()


def test_sign_ins_are_told_after_they_were_made(app):
    assert app.test_cli_runner().invoke(args=["demo", "sign-ins"]).exit_code == 1


def test_sign_ins_are_told_again_with_the_secrets_of_staff(first, app):
    run, known = app.test_cli_runner().invoke, first["sign_ins"]
    assert json.loads(run(args=["demo", "sign-ins", "--json"]).stdout) == known
    told = run(args=["demo", "sign-ins"]).stdout
    assert known[0]["password"] in told
    assert known[0]["totp"] in told
    assert {len(row["totp"]) for row in known if row["role"] not in ("member", "expert")} == {32}
    assert {row["totp"] for row in known if row["role"] in ("member", "expert")} == {""}
    kept = json.loads(kept_in(app).read_text())
    assert (kept[known[0]["email"]], kept["totp"][known[0]["email"]]) == (known[0]["password"], known[0]["totp"])
    with unit_of_work():
        assert second_step.accepts(member_by_email(known[0]["email"]), TOTP(known[0]["totp"]).now())


def test_secrets_once_given_are_told_where_the_site_no_longer_demands_them(first, load, monkeypatch):
    monkeypatch.setattr(second_step.Demand, "of_staff", False)
    assert load()["sign_ins"] == first["sign_ins"]


def test_held_comments_are_seen_by_no_visitor(first, visitor):
    article = db.session.scalar(select(Article).join(Post, Post.item_id == Article.id).where(Post.state == State.HELD))
    assert visitor.get(article.path).status_code == 200
    assert "ROBIN10" not in visitor.get(article.path).text
