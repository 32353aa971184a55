"""What somebody may not see is in no hit, no count, no excerpt and no suggestion of theirs."""

import pytest

from community.core import clock
from community.core.db import db, unit_of_work
from community.groups import actions as clubs
from community.items import actions as items
from community.items.models import Item, Stance, State, Visibility
from community.items.queries import post_by_id
from community.members.models import Member, MemberState
from community.profiles import actions as profiles
from community.profiles.models import Audience
from community.reviews.models import Review
from community.search import queries
from community.shop.models import Product
from tests import makers
from tests.search.test_shop import item

SECRET = "zwanenzang"
KINDS = "article", "topic", "comment", "answer", "product", "review", "story"


def set_state(thing, state):
    with unit_of_work():
        items.set_item_state(db.session.get_one(Item, thing.id), state)


def set_item(thing, **columns):
    with unit_of_work():
        row = db.session.get_one(Item, thing.id)
        for name, value in columns.items():
            setattr(row, name, value)


def sees(look, browser, words=SECRET):
    """Whether anything tells of it: hits, chips, numbers, excerpts, other words; titles that go on so or are alike."""
    seen = look(browser, words)
    nothing = not seen.titles and not seen.chips and not seen.marked and not seen.page.css("main p a[href*='q=']")
    shown = bool(seen.titles)
    assert shown != nothing, "the page tells of something that it does not show"
    beside = [browser.get(path + words).text for path in ("/nl/search/begun?q=", "/nl/forums/similar?title=")]
    assert shown or words.lower() not in "".join(beside).lower(), "a title is offered that is not found"
    return shown


@pytest.fixture
def roles(visitor, browser_of):
    """One reader of each kind, none of whom wrote anything."""
    names = ("member", "editor", "moderator", "admin")
    people = {name: makers.member(role=None if name == "member" else name, role_site="nl") for name in names}
    return {"visitor": visitor} | {name: browser_of(person) for name, person in people.items()}


def made(kind, writer):
    """Something of a kind that holds the secret word; the item that it is, or stands under."""
    if kind == "article":
        return makers.article(f"Over {SECRET}", author=writer)
    if kind == "topic":
        return makers.topic(makers.board(), writer, f"Over {SECRET}")
    if kind == "story":
        return makers.story(writer, f"Over {SECRET}")
    if kind == "product":
        return item(Product, "wagen", "/nl/products/wagen", title=f"Over {SECRET}", brand="Roos", body_html="")
    if kind == "review":
        product = item(Product, "wagen", "/nl/products/wagen", title="Wagen", brand="Roos", body_html="")
        said = {"product_id": product.id, "stars": 4, "good": f"Over {SECRET}", "less_good": ""}
        return item(Review, "1", "/nl/reviews/1", **said)
    under = makers.article("Iets") if kind == "comment" else makers.topic(makers.board(), writer)
    write = makers.comment if kind == "comment" else makers.reply
    write(under, writer, f"Over {SECRET}")
    return under


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_not_live_is_found_by_nobody(roles, look, bob, kind):
    thing = made(kind, bob)
    for state in set(State) - {State.LIVE}:
        set_state(thing, State.LIVE)
        assert sees(look, roles["visitor"]), state
        set_state(thing, state)
        assert [name for name, browser in roles.items() if sees(look, browser)] == [], state


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_for_some_is_found_by_them_alone(roles, look, anna, bob, as_anna, as_bob, kind):
    thing = made(kind, bob)
    club = makers.club(members=[anna])
    set_item(thing, visibility=Visibility.MEMBERS)
    assert [name for name, browser in roles.items() if sees(look, browser)] == [
        "member",
        "editor",
        "moderator",
        "admin",
    ]
    set_item(thing, visibility=Visibility.CLUB, group_id=club.id)
    assert [name for name, browser in roles.items() if sees(look, browser)] == []
    assert sees(look, as_anna)
    set_item(thing, visibility=Visibility.ME, author_id=bob.id)
    assert not sees(look, as_anna)
    assert sees(look, as_bob)


def test_what_was_hidden_a_moment_ago_is_not_shown_even_before_the_index_knows(visitor, look, bob):
    article = makers.article(f"Over {SECRET}")
    comment = makers.comment(makers.article("Iets"), bob, f"Ook over {SECRET}")
    assert len(look(visitor, SECRET).titles) == 2
    with unit_of_work():
        items.set_item_state(db.session.get_one(Item, article.id), State.HIDDEN)
        items.set_post_state(post_by_id(comment.id), State.HIDDEN)
    answer = visitor.get(f"/nl/search?q={SECRET}").text
    assert 'class="hit"' not in answer
    assert f"Over {SECRET}" not in answer
    assert "chips__chip" not in answer


def test_whoever_left_a_club_finds_nothing_of_it(look, anna, as_anna, bob):
    club = makers.club(members=[anna, bob])
    makers.topic(makers.board(club=club), bob, f"Over {SECRET}")
    assert sees(look, as_anna)
    with unit_of_work():
        clubs.leave(club, db.session.get_one(Member, anna.id))
    assert not sees(look, as_anna)


@pytest.mark.parametrize("what", ["item", "collection", "person", "tag"])
@pytest.mark.parametrize("stance", [Stance.MUTE, Stance.BLOCK])
def test_what_somebody_muted_is_not_found_by_them(look, anna, as_anna, visitor, bob, what, stance):
    board = makers.board()
    topic = makers.topic(board, bob, f"Over {SECRET}")
    with unit_of_work():
        row = db.session.get_one(Item, topic.id)
        row.theme = items.tag_named(row.site, "Nacht", is_theme=True)
        db.session.flush()
        thing = {"item": row, "collection": board, "person": bob, "tag": row.theme}[what]
        items.follow(db.session.get_one(Member, anna.id), db.session.merge(thing), stance)
    makers.reply(topic, bob, f"Nog eens {SECRET}")
    assert not sees(look, as_anna)
    assert sees(look, visitor)


def test_after_something_changed_only_what_fits_is_found(look, anna, as_anna, visitor):
    makers.child(anna, days_old=100)
    makers.article(f"Week twintig {SECRET}", stage=(-140, -134))
    makers.article(f"Drie maanden {SECRET}", stage=(90, 120))
    makers.article(f"Altijd {SECRET}")
    assert len(look(as_anna, SECRET).titles) == 3
    with unit_of_work():
        db.session.get_one(Member, anna.id).guarded_since = clock.now()
    seen = look(as_anna, SECRET)
    assert sorted(seen.titles) == [f"Altijd {SECRET}", f"Drie maanden {SECRET}"]
    assert seen.chips[0].endswith("(2)")


def test_no_search_joins_an_anonymous_parent_to_a_member(look, visitor, bob):
    makers.topic(makers.board(), bob, f"Over {SECRET}", is_anonymous=True)
    assert look(visitor, SECRET).titles == [f"Over {SECRET}"]
    assert look(visitor, bob.name).titles == []
    found = list(queries.documents_of([f"item:{item.id}" for item in db.session.query(Item)]))
    assert found
    assert f"by:{bob.id}" not in {mark for document in found for mark in document.marks}


def test_no_word_of_a_club_is_offered_to_others(look, anna, as_anna, visitor, bob):
    makers.topic(makers.board(club=makers.club(members=[anna, bob])), bob, f"Over {SECRET}")
    makers.article("Iets heel anders")
    assert not look(visitor, "zwanenzagn").page.css("main p a[href*='q=']")


def test_a_word_of_what_was_hidden_is_offered_to_nobody(look, visitor):
    article = makers.article(f"Over {SECRET}")
    assert SECRET in look(visitor, "zwanenzagn").text
    set_state(article, State.HIDDEN)
    assert SECRET not in visitor.get("/nl/search?q=zwanenzagn").text
    assert SECRET not in look(visitor, "zwanenzagn").text


def test_members_are_found_by_members_and_by_all_only_if_they_show_something(look, visitor, as_anna, bob):
    assert look(as_anna, "Bob").titles == ["Bob"]
    assert look(visitor, "Bob").titles == []
    for audience in (Audience.ME, Audience.MEMBERS, Audience.PUBLIC):
        assert not sees(look, visitor, "Bob")
        with unit_of_work():
            profile = profiles.profile_for(db.session.get_one(Member, bob.id))
            profile.about, profile.visible_to = SECRET, {"about": audience}
    assert look(visitor, "bob").titles == ["Bob"]
    assert not sees(look, visitor)
    makers.set_state(bob, MemberState.SUSPENDED)
    assert not sees(look, as_anna, "Bob")


def test_the_sites_are_apart(look, visitor):
    makers.article(f"About {SECRET}", site="en")
    assert not sees(look, visitor)
    assert SECRET in visitor.get(f"/en/search?q={SECRET}").text
