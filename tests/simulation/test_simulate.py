"""`flask simulate`: as large as asked, plausible, whole, and the same from the same seed."""

import json
from statistics import median

import pytest
from sqlalchemy import Table, func, select, text
from sqlalchemy.orm import joinedload

from community.ambassadors.models import Ambassador, EntryState, PointEntry, Referral, ReferralState
from community.ambassadors.queries.ledger import balances
from community.ambassadors.queries.referrals import friends_of
from community.blogs.models import BlogPost
from community.chat.models import Line, RoomEvent
from community.chat.policy import KEPT
from community.core import audit, clock
from community.core.db import Model, db, unit_of_work
from community.forums.models import Board, Topic
from community.groups.models import Group, Membership
from community.items.actions import recount_all
from community.items.models import Collection, Item, Post, State, Thank, Visibility
from community.members.models import ConsentGiven, Member, Purpose
from community.members.queries import member_by_id
from community.messages.models import Notice
from community.messages.queries.notices import unread_count
from community.personalisation.models import CoRead, Popularity, Read
from community.profiles.models import Standing
from community.reviews.models import Review, ReviewVote
from community.reviews.queries import unlinked_lines, votes_on
from community.service.models import Case
from community.service.queries import open_complaints_of
from community.touchpoints import actions as touchpoints
from community.touchpoints.models import Touchpoint, Verb
from community.web import cache as page_cache
from tests import makers

HUNDREDTH = {"members": 100, "articles": 20, "topics": 200, "posts": 2_000, "touchpoints": 10_000}
TENTH = {name: 10 * count for name, count in HUNDREDTH.items()}
THOUSANDTH = {"members": 20, "articles": 12, "topics": 20, "posts": 150, "touchpoints": 800}
SEEDED = [table for table in Model.metadata.sorted_tables if table is not audit.AuditEntry.__table__]  # its own clock


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
    check_rooms()
    check_projections()
    check_pages(browser_of, visitor)


def check_what_rows_keep_of_others():
    """Every count is what counting gives."""
    kept = Item.id, Item.post_count, Item.last_live_number, Item.active_at
    before = db.session.execute(select(*kept).order_by(Item.id)).all()
    counted = select(Collection.id, Collection.item_count, Collection.post_count).order_by(Collection.id)
    places = db.session.execute(counted).all()
    with unit_of_work():
        recount_all([row.id for row in before])
    assert db.session.execute(select(*kept).order_by(Item.id)).all() == before
    assert db.session.execute(counted).all() == places
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


def check_rooms():
    """Every room is in use, and what it keeps of itself is what its own actions would have kept."""
    for kept in (BlogPost.id, Case.id, Ambassador.member_id, Referral.id, Line.id, ReviewVote.review_id):
        assert count(kept.is_not(None)) > 0
    for standing in db.session.scalars(select(Standing)):
        assert standing.points == balances([standing.member_id])[standing.member_id]
        assert standing.friend_count == friends_of(standing.member_id)[ReferralState.COUNTED]
        assert standing.complaint_count == open_complaints_of(standing.member_id)
    for review in db.session.scalars(select(Review)):
        assert (review.helpful_count, review.vote_count) == votes_on(review.id)
    assert unlinked_lines() == []
    assert count(RoomEvent.line_id == Line.id, RoomEvent.at == Line.at) == count(Line.id > 0)
    assert db.session.scalar(select(func.min(Line.at))) > clock.now() - KEPT
    assert audit.first_broken() is None
    check_ledger()


def check_ledger():
    """Made anew it is the same."""
    lines = select(PointEntry.touchpoint_id, PointEntry.member_id, PointEntry.points, PointEntry.state)
    before = db.session.execute(lines.order_by(PointEntry.touchpoint_id)).all()
    touchpoints.rebuild("points")
    assert db.session.execute(lines.order_by(PointEntry.touchpoint_id)).all() == before
    assert EntryState.GIVEN in {row.state for row in before}


def check_projections():
    """What was derived while simulating is what comes of a rebuild, but for the last bits of sums."""
    derived = [count(model.item_id > 0) for model in (Read, CoRead, Popularity)]
    assert min(derived) > 20
    touchpoints.rebuild("reading")
    assert [count(model.item_id > 0) for model in (Read, CoRead, Popularity)] == derived


def check_pages(browser_of, visitor):
    """The pages of such a site answer, and its members are offered something."""
    topic = db.session.scalar(select(Topic).where(Topic.group_id.is_(None)).order_by(Topic.post_count.desc()))
    board = db.session.scalar(select(Board).where(Board.id == topic.collection_id))
    article = db.session.scalar(select(Item).where(Item.kind == "article", Item.state == State.LIVE))
    story = db.session.scalar(select(BlogPost).where(Item.visibility == Visibility.PUBLIC))
    blogs, programme = f"{topic.site.path}blogs/", f"{topic.site.path}ambassadors/"
    paths = [f"{topic.site.path}", board.path, topic.path, article.path, blogs, story.path, programme]
    reader = select(Touchpoint.member_id).where(Touchpoint.verb == Verb.PAGE_READ, Touchpoint.member_id.is_not(None))
    member = member_by_id(db.session.scalar(reader.order_by(Touchpoint.id.desc())))
    browser, home = browser_of(member), f"{member.site.path}home"
    for path in paths:
        visitor.see(path)
        browser.see(path)
    assert browser.see(home).css(".item-card")
    case, line = db.session.scalar(select(Case)), db.session.scalar(select(Line).options(joinedload(Line.room)))
    assert case.subject in browser_of(member_by_id(case.member_id)).see(case.path).text()
    assert line.body.split()[0] in browser_of(member_by_id(line.author_id)).see(line.room.path).text()


def test_a_seed_gives_the_same_community(simulate):
    simulate(THOUSANDTH, "--seed", "7")
    made = {table.name: rows(table) for table in SEEDED}
    empty()
    simulate(THOUSANDTH, "--seed", "7")
    again = {table.name: rows(table) for table in SEEDED}
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
