"""`flask simulate`: as large as asked, plausible, whole, and the same from the same seed."""

import json
from statistics import median

import pytest
from sqlalchemy import Table, func, select, text

from community.core import clock
from community.core.db import Model, db, unit_of_work
from community.forums.models import Board, Topic
from community.groups.models import Group, Membership
from community.items.actions import recount_all
from community.items.models import Item, Post, State, Thank
from community.members.models import ConsentGiven, Member, Purpose
from community.members.queries import member_by_id
from community.messages.models import Notice
from community.messages.queries.notices import unread_count
from community.personalisation.models import CoRead, Popularity, Read
from community.touchpoints import actions as touchpoints
from community.touchpoints.models import Touchpoint, Verb
from community.web import cache as page_cache
from tests import makers

HUNDREDTH = {"members": 100, "articles": 20, "topics": 200, "posts": 2_000, "touchpoints": 10_000}
TENTH = {name: 10 * count for name, count in HUNDREDTH.items()}
THOUSANDTH = {"members": 20, "articles": 12, "topics": 20, "posts": 150, "touchpoints": 800}


@pytest.fixture
def simulate(app):
    makers.stamp()

    def run(size: dict[str, int], *options: str, expected: int = 0) -> dict | str:
        wanted = [part for name, count in size.items() for part in (f"--{name}", str(count))]
        answer = app.test_cli_runner().invoke(args=["simulate", "--json", *wanted, *options])
        assert answer.exit_code == expected, answer.output
        db.session.rollback()
        return json.loads(answer.stdout) if not expected else answer.output

    return run


def count(*where) -> int:
    return db.session.scalar(select(func.count()).where(*where)) or 0


def empty() -> None:
    """Nothing is left of a community, and numbers begin anew."""
    with unit_of_work():
        if db.engine.dialect.name == "postgresql":
            names = ", ".join(table.name for table in Model.metadata.sorted_tables)
            db.session.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
        for table in reversed(Model.metadata.sorted_tables):
            db.session.execute(table.delete())


def rows(table: Table) -> list[tuple]:
    return sorted(map(repr, db.session.execute(select(table))))


def test_a_hundredth_is_as_large_as_asked_and_whole(simulate, browser_of, visitor):
    assert simulate(HUNDREDTH)["created"] == HUNDREDTH
    assert simulate(HUNDREDTH)["created"] == dict.fromkeys(HUNDREDTH, 0)
    check_what_rows_keep_of_others()
    check_times()
    check_shares()
    check_projections()
    check_pages(browser_of, visitor)


def check_what_rows_keep_of_others():
    """Every count is what counting gives."""
    kept = Item.id, Item.post_count, Item.last_live_number, Item.active_at
    before = db.session.execute(select(*kept).order_by(Item.id)).all()
    boards = db.session.execute(select(Board.id, Board.item_count, Board.post_count).order_by(Board.id)).all()
    with unit_of_work():
        recount_all([row.id for row in before])
    assert db.session.execute(select(*kept).order_by(Item.id)).all() == before
    assert db.session.execute(select(Board.id, Board.item_count, Board.post_count).order_by(Board.id)).all() == boards
    newest = select(func.max(Post.number)).where(Post.item_id == Item.id).scalar_subquery()
    assert count(Item.last_post_number != func.coalesce(newest, 0)) == 0
    thanks = select(func.count()).where(Thank.post_id == Post.id).scalar_subquery()
    assert count(Post.thank_count != thanks) == 0
    members = select(func.count()).where(Membership.group_id == Group.id).scalar_subquery()
    assert count(Group.member_count != members) == 0
    for member in db.session.scalars(select(Member)):
        assert member.notice_count == unread_count(member)
        joined = db.session.scalars(select(Membership.group_id).where(Membership.member_id == member.id))
        assert member.group_ids == list(joined)


def check_times():
    """Nothing lies ahead, an answer comes after its question, the record is in the order of time."""
    for moment in (Touchpoint.at, Post.created_at, Item.published_at, Member.joined_at, Notice.at, Thank.at):
        assert db.session.scalar(select(func.max(moment))) <= clock.now()
    written = db.session.execute(select(Post.item_id, Post.number, Post.created_at)).all()
    in_threads = sorted((row.item_id, row.number, row.created_at) for row in written)
    assert all(a[0] != b[0] or a[2] <= b[2] for a, b in zip(in_threads, in_threads[1:], strict=False))
    told = list(db.session.scalars(select(Touchpoint.at).order_by(Touchpoint.id)))
    assert told == sorted(told)


def check_shares():
    """Few write much; threads differ in length; some agreed and some did not; who did not left no reading."""
    written = sorted(db.session.scalars(select(func.count(Post.id)).group_by(Post.author_id)), reverse=True)
    assert sum(written[:10]) > sum(written) / 4
    lengths = list(db.session.scalars(select(Topic.post_count)))
    assert max(lengths) > 4 * median(lengths)
    agreed = count(Member.personalisation) / count(Member.id > 0)
    assert 0.5 < agreed < 0.9
    given = count(ConsentGiven.purpose == Purpose.PERSONALISATION)
    assert given == count(Member.personalisation)
    silent = Member.personalisation.is_(False) & Member.analytics.is_(False)
    reading = Touchpoint.verb.in_((Verb.PAGE_READ, Verb.PAGE_LEFT))
    assert count(Touchpoint.member_id.in_(select(Member.id).where(silent)), reading) == 0
    assert count(reading) > 1_000


def check_projections():
    """What was derived while simulating is what comes of a rebuild, but for the last bits of sums."""
    for name, model in (("reads", Read), ("co_reads", CoRead), ("popularity", Popularity)):
        before = count(model.item_id > 0)
        assert before > 20
        touchpoints.rebuild(name)
        assert count(model.item_id > 0) == before


def check_pages(browser_of, visitor):
    """The pages of such a site answer, and its members are offered something."""
    topic = db.session.scalar(select(Topic).where(Topic.group_id.is_(None)).order_by(Topic.post_count.desc()))
    board = db.session.scalar(select(Board).where(Board.id == topic.collection_id))
    article = db.session.scalar(select(Item).where(Item.kind == "article", Item.state == State.LIVE))
    paths = [f"{topic.site.path}", board.path, topic.path, article.path]
    reader = select(Touchpoint.member_id).where(Touchpoint.verb == Verb.PAGE_READ, Touchpoint.member_id.is_not(None))
    member = member_by_id(db.session.scalar(reader.order_by(Touchpoint.id.desc())))
    browser, home = browser_of(member), f"{member.site.path}home"
    for path in paths:
        visitor.see(path)
        browser.see(path)
    assert browser.see(home).css(".item-card")


def test_a_seed_gives_the_same_community(simulate):
    simulate(THOUSANDTH, "--seed", "7")
    made = {table.name: rows(table) for table in Model.metadata.sorted_tables}
    empty()
    simulate(THOUSANDTH, "--seed", "7")
    again = {table.name: rows(table) for table in Model.metadata.sorted_tables}
    assert [name for name in made if made[name] != again[name]] == []


def test_a_simulation_keeps_away_from_people(simulate):
    makers.member("Anna")
    assert "were not simulated" in simulate(THOUSANDTH, expected=1)
    assert count(Touchpoint.id > 0) == 0
    assert simulate(THOUSANDTH, "--add")["created"] == THOUSANDTH
    assert "another size" in simulate(HUNDREDTH, "--add", expected=1)


@pytest.mark.scale
def test_ten_times_as_much_asks_no_more_statements_of_a_page(simulate, browser_of, visitor, statements):
    """A tenth against a hundredth of the full size; a topic asks a few more where it was answered or is followed."""
    simulate(HUNDREDTH)
    few = statement_counts(browser_of, visitor, statements)
    empty()
    simulate(TENTH)
    many = statement_counts(browser_of, visitor, statements)
    assert {page: count for page, count in many.items() if count > few[page] + 4} == {}


def statement_counts(browser_of, visitor, statements) -> dict[str, int]:
    """The statements of pages that are not in the cache, for a visitor and for a busy member."""
    topic = db.session.scalar(select(Topic).where(Topic.group_id.is_(None), Topic.post_count >= 20))
    busy = db.session.scalar(select(Member).order_by(Member.visit_days.desc()).limit(1))
    board = db.session.scalar(select(Board).where(Board.id == topic.collection_id))
    browser, site = browser_of(busy), topic.site.path
    pages = {"front": site, "board": board.path, "topic": topic.path, "home": f"{busy.site.path}home"}
    for path in pages.values():
        browser.see(path)  # what is new is read from now on
    found = {f"member's {name}": len(statements(lambda path=path: browser.see(path))) for name, path in pages.items()}
    for name in ("front", "board", "topic"):
        page_cache.cache.clear()
        found[f"visitor's {name}"] = len(statements(lambda path=pages[name]: visitor.see(path)))
    return found
