"""Blogs: written, published to an audience, read by nobody else, commented, followed, featured with consent."""

import io
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from community.blogs.models import BlogPost
from community.core.db import db
from community.items.models import Visibility
from community.members.models import Member
from community.messages.models import Notice
from community.moderation.models import Concern
from community.operations.queries.work import audit_about
from community.touchpoints.models import Touchpoint, Verb
from tests import makers
from tests.conftest import Browser

WORDS = {"title": "Our first night", "body": "We slept two hours, and laughed.", "audience": "public"}
Count = Callable[[Callable[[], Any]], list[str]]


def write(reader: Browser, action: str = "publish", **more: Any) -> Any:
    return reader.send("/account/blog/new", {**WORDS, "action": action, **more})


def only_story() -> BlogPost:
    db.session.rollback()
    return db.session.scalars(select(BlogPost)).one()


def test_a_story_for_everybody_is_read_by_everybody(as_anna: Browser, visitor: Browser) -> None:
    answer = write(as_anna)
    assert answer.location == only_story().path
    for path in ("/nl/blogs/", "/nl/blogs/anna/", only_story().path, "/nl/blogs/anna/feed.xml"):
        assert "Our first night" in visitor.get(path).text, path
    verbs = db.session.scalars(select(Touchpoint.verb).where(Touchpoint.about == only_story().key)).all()
    assert verbs.count(Verb.STORY_PUBLISHED) == 1


def test_a_draft_is_there_for_its_author_alone(as_anna: Browser, as_bob: Browser) -> None:
    write(as_anna, action="draft")
    assert "Our first night" in as_anna.get("/account/blog").text
    assert as_anna.get(only_story().path).status_code == 200
    assert as_bob.get(only_story().path).status_code == 404
    assert "Our first night" not in as_bob.get("/nl/blogs/anna/").text


@pytest.mark.parametrize("audience", ["members", "club", "me"])
def test_an_audience_is_kept_everywhere(
    audience: str, anna: Member, bob: Member, visitor: Browser, browser_of: Callable[[Any], Browser]
) -> None:
    club = makers.club(members=[anna, makers.member("Carla")])
    as_anna, as_bob = browser_of(anna), browser_of(bob)
    write(as_anna, audience=f"club-{club.id}" if audience == "club" else audience)
    story = only_story()
    assert (story.state, story.visibility) == ("live", audience)
    assert visitor.get(story.path).status_code == 404
    assert as_bob.get(story.path).status_code == (200 if audience == "members" else 404)
    for path in ("/nl/blogs/", "/nl/blogs/anna/", "/nl/blogs/anna/feed.xml", "/sitemap.xml", "/nl/"):
        assert story.path not in visitor.get(path).text, path
        if audience != "members":
            assert story.path not in as_bob.get(path).text, path
    carla = browser_of(db.session.scalars(select(Member).where(Member.name == "Carla")).one()) if club else as_bob
    assert carla.get(story.path).status_code == (404 if audience == "me" else 200)


def test_a_club_that_one_is_not_in_is_no_audience(as_anna: Browser, bob: Member) -> None:
    club = makers.club(members=[bob])
    assert write(as_anna, audience=f"club-{club.id}").status_code == 422


def test_a_first_story_with_a_link_waits_and_its_author_sees_that(as_anna: Browser, visitor: Browser) -> None:
    write(as_anna, body="Look: https://shop.example/nice")
    assert only_story().state == "held"
    assert "waits for a moderator" in as_anna.get(only_story().path + "?site=en").text or only_story().held_because
    assert visitor.get(only_story().path).status_code == 404


def test_a_moderator_hides_it_with_a_reason(as_anna: Browser, as_bob: Browser, as_moderator: Browser) -> None:
    write(as_anna)
    story = only_story()
    as_bob.send(f"/report/blogpost/{story.id}", {"reason": "hate", "note": ""})
    concern = db.session.scalars(select(Concern).where(Concern.about == story.key)).one()
    path = f"/moderation/concerns/{concern.id}"
    assert as_moderator.send(path, {"deed": "hide", "reason": "hate"}).status_code == 303
    assert only_story().state == "hidden"
    assert as_bob.get(story.path).status_code == 404
    assert as_anna.get(story.path).status_code == 200


def test_it_is_commented_like_an_article(as_anna: Browser, as_bob: Browser, visitor: Browser) -> None:
    write(as_anna)
    path = only_story().path
    assert as_bob.send(f"{path}/posts", {"body": "We had the same."}, page=path).status_code == 303
    assert "We had the same." in visitor.get(path).text


def test_a_follower_hears_of_a_new_story_once(as_anna: Browser, as_bob: Browser, bob: Member, run_jobs: Any) -> None:
    write(as_anna)
    run_jobs()
    as_bob.send(f"/nl/follow/blog/{only_story().collection_id}", {"stance": "follow"}, page="/nl/blogs/anna/")
    write(as_anna, title="The second one")
    run_jobs()
    kinds = db.session.scalars(select(Notice.kind).where(Notice.member_id == bob.id)).all()
    assert kinds == ["story"]


def test_an_editor_features_it_only_once_its_author_agreed(
    as_anna: Browser, as_editor: Browser, visitor: Browser, anna: Member
) -> None:
    makers.article("Something to read")
    write(as_anna)
    story = only_story()
    as_editor.send(f"{story.path}/feature", page=story.path)
    assert only_story().featured_at is None
    assert db.session.scalars(select(Notice.kind).where(Notice.member_id == anna.id)).all() == ["feature"]
    as_anna.send(f"/account/blog/{story.id}/agree", page="/account/blog")
    assert only_story().is_featured
    assert "story.feature-agreed" in [entry.deed for entry, _name in audit_about(story.key)]
    assert story.path in visitor.get("/nl/").text
    as_anna.send(f"/account/blog/{story.id}/decline", page="/account/blog")
    assert not only_story().is_featured


def photo(colour: str) -> tuple[io.BytesIO, str]:
    file = io.BytesIO()
    Image.new("RGB", (300, 200), colour).save(file, "JPEG")
    file.seek(0)
    return file, f"{colour}.jpg"


def shown(reader: Browser) -> list[str | None]:
    return [image.attributes["src"] for image in reader.see(only_story().path).css(".article__picture img")]


def test_photos_of_a_story_are_shown_and_taken_away_for_good(as_anna: Browser, run_jobs: Callable[[], int]) -> None:
    write(as_anna, photos=[photo("red"), photo("blue")], audience="members")
    story, first = only_story(), shown(as_anna)
    assert len(first) == 2
    assert as_anna.get(first[0]).status_code == 200
    form = {**WORDS, "action": "publish", "drops": str(story.picture_id), "photos": [photo("green")]}
    as_anna.send(f"/account/blog/{story.id}", form)
    run_jobs()
    after = shown(as_anna)
    assert (after[0], len(after)) == (first[1], 2)
    assert as_anna.get(first[0]).status_code == 404


def test_a_story_shows_at_most_six_photos(as_anna: Browser) -> None:
    assert write(as_anna, photos=[photo("red") for _more in range(7)]).status_code == 422
    write(as_anna, photos=[photo("red") for _more in range(6)])
    path = f"/account/blog/{only_story().id}"
    answer = as_anna.send(path, {**WORDS, "action": "publish", "photos": [photo("blue")]})
    assert (answer.status_code, len(shown(as_anna))) == (422, 6)
    assert "Haal er eerst een weg." in answer.text


def test_what_is_no_photo_is_said_at_its_field(as_anna: Browser) -> None:
    answer = write(as_anna, photos=[(io.BytesIO(b"no picture"), "us.jpg")])
    assert (answer.status_code, "photos-error" in answer.text) == (422, True)


def test_it_is_taken_away_and_brought_back(as_anna: Browser, as_bob: Browser) -> None:
    write(as_anna)
    story = only_story()
    as_anna.send(f"/account/blog/{story.id}/delete", page="/account/blog")
    assert as_bob.get(story.path).status_code == 404
    as_anna.send(f"/account/blog/{story.id}/restore", page="/account/blog")
    assert as_bob.get(story.path).status_code == 200


def test_nobody_changes_the_story_of_another(as_anna: Browser, as_bob: Browser) -> None:
    write(as_anna)
    assert as_bob.get(f"/account/blog/{only_story().id}").status_code == 404
    token = as_bob.token()
    assert as_bob.post(f"/account/blog/{only_story().id}/delete", data={"csrf_token": token}).status_code == 404


def test_lists_cost_the_same_at_five_and_at_fifty(visitor: Browser, anna: Member, statements: Count) -> None:
    def costs() -> list[int]:
        return [len(statements(partial(visitor.get, f"{path}?x={makers.number()}"))) for path in paths]

    paths = ("/nl/blogs/", "/nl/blogs/anna/")
    for number in range(5):
        makers.story(anna, f"Story {number}")
    costs()  # what is featured is asked once a minute
    few = costs()
    for number in range(45):
        makers.story(anna, f"More {number}")
    assert costs() == few
    assert max(few) <= 6


def test_after_something_changed_no_list_names_another_stage(as_anna: Browser, anna: Member) -> None:
    makers.story(anna, "Quiet words")
    assert only_story().visibility == Visibility.PUBLIC
    assert as_anna.get("/nl/blogs/").status_code == 200


def test_another_language_leads_to_its_own_blogs(as_anna: Browser, visitor: Browser) -> None:
    write(as_anna)
    for path in ("/nl/blogs/anna/", only_story().path):
        assert '<a href="/en/blogs/"' in visitor.get(path).text
