"""Made data in one line each. Texts are as dull as possible; tests say what matters to them."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import Any

from alembic.script import ScriptDirectory
from sqlalchemy import select

from community.articles.models import Article
from community.blogs import actions as blogs
from community.blogs.actions import Story
from community.blogs.models import BlogPost
from community.core import clock
from community.core.db import db, unit_of_work
from community.core.permissions import Role
from community.core.schema import MIGRATIONS
from community.core.text import article_html, slug_of
from community.forums.actions import topics as forums
from community.forums.models import Board, Topic
from community.groups import actions as clubs
from community.groups.models import Group
from community.items import actions as items
from community.items.models import Item, Post, State, Visibility
from community.members import actions as members
from community.members import queries as member_queries
from community.members.models import Identity, Member, MemberState, Purpose, Token
from community.moderation.actions.screening import publish
from community.profiles import actions as profiles
from community.profiles.models import Child, ChildKind
from community.service import actions as service
from community.service.actions import Asker
from community.service.models import Case, CaseKind
from community.sites.models import SITES
from community.touchpoints.models import Touchpoint, Verb

PASSWORD = "a long quiet evening"
_numbers = count(1)


def member(
    name: str = "",
    site: str = "nl",
    role: str | None = None,
    role_site: str | None = None,
    consents: tuple[str, ...] = (),
    confirmed: bool = True,
) -> Member:
    """A registered, confirmed member whose password is PASSWORD."""
    name = name or f"Parent {_letters(next(_numbers))}"
    identity = Identity(
        f"{slug_of(name)}@example.org", name, PASSWORD, SITES[site], frozenset(Purpose(c) for c in consents)
    )
    with unit_of_work():
        made = members.register(identity)
        if confirmed:
            made.state = MemberState.ACTIVE
        if role:
            members.grant_role(made, Role(role), SITES[role_site] if role_site else None, None)
        member_id = made.id
    found = member_queries.member_by_id(member_id)
    assert found is not None
    return found


def pregnancy(of: Member, days_to_go: int = 112) -> Child:
    """A pregnancy; 112 days to go is week 24."""
    with unit_of_work():
        due = clock.today(of.site.zone) + timedelta(days=days_to_go)
        return profiles.add_child(of, ChildKind.PREGNANCY, due, None)


def child(of: Member, days_old: int, weeks_early: int = 0) -> Child:
    """A born child."""
    with unit_of_work():
        born = clock.today(of.site.zone) - timedelta(days=days_old)
        return profiles.add_child(of, ChildKind.CHILD, None, born, weeks_early)


def article(
    title: str = "",
    site: str = "nl",
    theme: str = "",
    stage: tuple[int, int] | None = None,
    state: State = State.LIVE,
    author: Member | None = None,
    body: str = "A plain text about this.",
    tags: Sequence[str] = (),
    **fields: Any,
) -> Article:
    """An article, live unless said otherwise."""
    number = next(_numbers)
    title = title or f"Article {number}"
    slug = slug_of(title)
    now = clock.now()
    with unit_of_work():
        made = Article(
            site=SITES[site],
            title=title,
            summary=f"About {title.lower()}.",
            slug=slug,
            path=f"/{site}/articles/{slug}",
            body=body,
            body_html=article_html(body),
            author_id=author and author.id,
            stage_from=stage and stage[0],
            stage_to=stage and stage[1],
            created_at=now,
            changed_at=now,
            tags=[],
            **fields,
        )
        if theme:
            made.theme = items.tag_named(SITES[site], theme, is_theme=True)
        items.set_tags(made, tags)
        db.session.add(made)
        db.session.flush()
        items.set_item_state(made, state)
        return made


def comment(on: Item, by: Member, body: str = "I had that too.", parent: Post | None = None) -> Post:
    """A comment, through the same door as a reader's."""
    with unit_of_work():
        item, writer = db.session.get_one(Item, on.id), db.session.get_one(Member, by.id)
        post = items.write_post(item, writer, body, parent)
        publish(post, writer)
        return post


def day(distance: int) -> date:
    """A date so many days from today."""
    return clock.today() + timedelta(days=distance)


def go_to_noon(of: date | None = None) -> None:
    """Noon of this day, else of today: when it is the same day at every site, at whatever hour the tests run."""
    day = of or clock.real_now().date()
    clock.move_by(datetime.combine(day, time(12), UTC) - clock.now())


def stamp(revision: str | None = None) -> None:
    """Say which schema the database has; ours, where nothing is said."""
    revision = revision or ScriptDirectory(str(MIGRATIONS)).get_current_head()
    with db.engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS alembic_version (version_num VARCHAR(32) PRIMARY KEY)")
        connection.exec_driver_sql("DELETE FROM alembic_version")
        if revision:
            connection.exec_driver_sql(f"INSERT INTO alembic_version VALUES ('{revision}')")
        connection.commit()


def read(item: Item, by: Any, ago: timedelta = timedelta(0), allows: str = "pa") -> None:
    """A page read in the record, as the site stores it; the projections have not read it yet."""
    with unit_of_work():
        db.session.add(
            Touchpoint(
                at=clock.now() - ago,
                verb=Verb.PAGE_READ,
                site=item.site,
                member_id=by.id,
                visitor_id=by.visitor_id,
                about=item.key,
                allows=allows,
                facts={},
            )
        )


def _letters(number: int) -> str:
    return "".join(chr(ord("a") + int(digit)) for digit in str(number))


def set_state(of: Member, state: MemberState) -> None:
    """A member in another state."""
    with unit_of_work():
        db.session.get_one(Member, of.id).state = state


def let_tokens_age(minutes: int) -> None:
    """Mailed links as they are so many minutes later."""
    with unit_of_work():
        for token in db.session.scalars(select(Token)):
            token.until -= timedelta(minutes=minutes)


def board(title: str = "", site: str = "nl", club: Group | None = None, **fields: Any) -> Board:
    """A board, or with a club the talk of that club."""
    title = title or f"Board {next(_numbers)}"
    with unit_of_work():
        slug = f"club-{club.month}" if club else slug_of(title)
        path = club.path if club else f"/{site}/forums/{slug}/"
        made = Board(site=SITES[site], slug=slug, title=title, path=path, group_id=club and club.id, **fields)
        db.session.add(made)
        db.session.flush()
        return made


def topic(
    on: Board, by: Member, title: str = "", body: str = "What do you think?", is_anonymous: bool = False
) -> Topic:
    """A topic with its opening post, through the same door as a member's."""
    with unit_of_work():
        board_, writer = db.session.get_one(Board, on.id), db.session.get_one(Member, by.id)
        return forums.start_topic(board_, writer, title or f"Topic {next(_numbers)}", body, is_anonymous)


def reply(
    on: Topic, by: Member, body: str = "I had that too.", parent: Post | None = None, is_anonymous: bool = False
) -> Post:
    """An answer, through the same door as a member's."""
    with unit_of_work():
        topic_, writer = db.session.get_one(Topic, on.id), db.session.get_one(Member, by.id)
        return forums.reply(topic_, writer, body, parent, is_anonymous)


def club(month: str = "2027-03", site: str = "nl", members: Sequence[Member] = ()) -> Group:
    """A club with its board, and these members in it."""
    with unit_of_work():
        made = clubs.open_club(SITES[site], month)
        for person in members:
            clubs.join(made, db.session.get_one(Member, person.id))
        return made


def case(by: Member, subject: str = "A question", kind: CaseKind = CaseKind.QUESTION) -> Case:
    """A case of a member, through the same door as theirs."""
    with unit_of_work():
        asker = Asker(db.session.get_one(Member, by.id), by.name, by.email or "")
        return service.open_case(by.site, asker, kind, subject, "How is this meant?")


def story(by: Member, title: str = "A story", audience: Visibility = Visibility.PUBLIC) -> BlogPost:
    """A published story in a member's blog, through the same door as theirs."""
    with unit_of_work():
        author = db.session.get_one(Member, by.id)
        made = blogs.write_story(author.site, author, Story(title, "How it was.", audience))
        blogs.publish_story(made, author)
        return made


def number() -> int:
    """One that was not given before."""
    return next(_numbers)
