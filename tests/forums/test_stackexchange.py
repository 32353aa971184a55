"""`flask import stackexchange` on a dump of our own: what becomes of each row, once and again."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from community.core.db import db, unit_of_work
from community.core.jobs import JobRow
from community.forums.models import Board, Topic
from community.items import actions as items
from community.items.models import Post, State
from community.items.queries import post_by_id
from community.members.models import Member
from community.messages.models import Notice
from community.touchpoints.models import Touchpoint
from tests import makers

DUMP = Path(__file__).parent / "stackexchange"
OUTCOMES = ("created", "updated", "unchanged", "skipped")
Run = Callable[..., dict[str, Any]]


@pytest.fixture
def run(app: Flask) -> Run:
    """The command with `--json`; its object, with the exit status as `status`."""

    def command(folder: Path, *options: str, board: str = "old-talk") -> dict[str, Any]:
        db.session.remove()
        arguments = ["import", "stackexchange", str(folder), "--site", "en", "--board", board, "--json", *options]
        answer = app.test_cli_runner().invoke(args=arguments)
        assert not answer.exception or isinstance(answer.exception, SystemExit), answer.exc_info
        said = json.loads(answer.stdout) if answer.stdout.startswith("{") else {"words": answer.output}
        return said | {"status": answer.exit_code}

    return command


@pytest.fixture
def copy(tmp_path: Path) -> Callable[..., Path]:
    """The dump again, after something was changed in one of its files."""

    def changed(name: str, *changes: tuple[str, str]) -> Path:
        folder = tmp_path / "dump"
        if not folder.exists():
            shutil.copytree(DUMP, folder)
        text = (folder / name).read_text()
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        (folder / name).write_text(text)
        return folder

    return changed


def topic(title: str) -> Topic:
    query = select(Topic).where(Topic.title == title).options(selectinload(Topic.tags))
    return db.session.scalars(query).one()


def posts(title: str) -> list[Post]:
    query = select(Post).where(Post.item_id == topic(title).id).order_by(Post.number)
    return list(db.session.scalars(query))


def sums(said: dict[str, Any]) -> dict[str, int]:
    return {kind: sum(said[name][kind] for name in OUTCOMES) for kind in said["found"]}


def whys(said: dict[str, Any], what: str) -> list[str]:
    return [problem["why"] for problem in said["problems"] if problem["what"] == what]


SLEEP = "How do you sleep & work?"


def test_every_row_is_taken_or_named(run: Run) -> None:
    said = run(DUMP)
    assert said["found"] == {"questions": 4, "answers": 4, "comments": 4, "users": 2, "others": 1}
    assert said["created"] == {"questions": 2, "answers": 2, "comments": 2, "users": 2, "others": 0}
    assert sums(said) == said["found"]
    assert said["status"] == 3
    assert whys(said, "question 7") == ["It has no title."]
    assert whys(said, "question 1") == ["The same row stands in the file before."]
    assert whys(said, "post 4") == ["It is the wiki of a tag: it has no place here."]
    for what in ("answer 6", "answer 8", "comment 3", "comment 4"):
        assert whys(said, what) == ["What it stands under was not taken."]
    assert {p["where"] for p in said["problems"]} >= {"Posts.xml line 9", "Comments.xml line 6"}


def test_a_question_is_a_topic_that_opens_with_its_own_words(run: Run) -> None:
    run(DUMP)
    found, opening = topic(SLEEP), posts(SLEEP)[0]
    assert found.path == f"/en/forums/topics/{found.id}-how-do-you-sleep-work"
    assert [tag.name for tag in found.tags] == ["sleep", "work-and-leave"]
    assert (found.state, found.author_name, found.author_id) == (State.LIVE, "Iris", None)
    assert found.published_at.isoformat() == "2019-03-01T08:00:00+00:00"
    assert opening.edited_at.isoformat() == "2019-03-01T09:30:00+00:00"
    assert "<h3>Nights</h3>" in opening.body_html
    assert "<strong>every hour</strong>" in opening.body_html
    assert 'href="https://pictures.example/chart.png"' in opening.body_html
    assert ">Our chart</a>" in opening.body_html
    assert "alert" not in opening.body_html


def test_answers_and_comments_stand_in_the_order_of_their_days(run: Run) -> None:
    run(DUMP)
    told = [(p.number, p.author_name, p.created_at.day) for p in posts(SLEEP)]
    assert told == [(1, "Iris", 1), (2, "", 2), (3, "Sam", 2), (4, "Sam", 3), (5, "Passer-by", 4)]
    opening, turns, noise, _see, kind = posts(SLEEP)
    assert (noise.parent_id, noise.root_id) == (opening.id, opening.id)
    assert (kind.parent_id, kind.root_id) == (turns.id, turns.id)
    assert turns.parent_id is None
    assert topic(SLEEP).accepted_number == turns.number
    assert "<code>white noise</code>" in noise.body_html
    assert "<b>" not in noise.body_html


def test_a_closed_question_is_locked_and_an_unnamed_writer_goes_by_number(run: Run) -> None:
    run(DUMP)
    assert (topic("Locked").is_locked, topic("Locked").author_name) == (True, "user99")
    assert not topic(SLEEP).is_locked


def test_counters_and_the_board_follow(run: Run) -> None:
    run(DUMP)
    found, board = topic(SLEEP), db.session.scalars(select(Board)).one()
    assert (found.post_count, found.last_live_number, found.last_post_number) == (5, 5, 5)
    assert found.active_at.isoformat() == "2019-03-04T12:00:00+00:00"
    assert (board.title, board.path, board.item_count, board.post_count) == ("Old talk", "/en/forums/old-talk/", 2, 6)


def test_nobody_becomes_a_member_and_nothing_is_told(run: Run) -> None:
    run(DUMP)
    for table in (Member, Notice, Touchpoint, JobRow):
        assert db.session.scalar(select(func.count()).select_from(table)) == 0
    assert db.session.scalar(select(func.sum(Post.thank_count))) == 0


def test_a_second_run_changes_nothing(run: Run, copy: Callable[..., Path]) -> None:
    first = run(DUMP)
    second = run(copy("Posts.xml"))
    assert not any(second["created"].values()) | any(second["updated"].values())
    assert second["unchanged"] == first["created"]
    assert second["problems"] == first["problems"]


def test_what_changed_there_changes_here_and_what_is_new_is_appended(run: Run, copy: Callable[..., Path]) -> None:
    run(DUMP)
    new = '<row Id="9" PostTypeId="2" ParentId="1" CreationDate="2019-03-02T09:00:00.000" Body="Late." />\n</posts>'
    said = run(copy("Posts.xml", ("sleep &amp; work?", "sleep?"), ("took turns", "take turns"), ("</posts>", new)))
    assert said["updated"] == {"questions": 1, "answers": 1, "comments": 0, "users": 0, "others": 0}
    assert said["created"]["answers"] == 1
    told = posts("How do you sleep?")
    assert ["Late." in p.body for p in told] == [False, False, False, False, False, True]
    assert told[1].body == "We take turns."
    assert (topic("How do you sleep?").post_count, told[-1].number) == (6, 6)


def test_an_answer_can_be_accepted_later(run: Run, copy: Callable[..., Path]) -> None:
    run(copy("Posts.xml", (' AcceptedAnswerId="3"', "")))
    assert topic(SLEEP).accepted_number is None
    run(DUMP)
    assert topic(SLEEP).accepted_number == 2
    db.session.remove()
    run(copy("Posts.xml", ('PostTypeId="1" Creation', 'PostTypeId="1" AcceptedAnswerId="99" Creation')))
    assert topic(SLEEP).accepted_number is None


def test_what_was_changed_or_hidden_here_stays(run: Run, copy: Callable[..., Path]) -> None:
    run(DUMP)
    ids = [post.id for post in posts(SLEEP)]
    with unit_of_work():
        items.edit_post(post_by_id(ids[1]), "A moderator's words.")
        items.set_post_state(post_by_id(ids[3]), State.HIDDEN)
    said = run(copy("Posts.xml", ("took turns", "take turns"), ("See &lt;a", "Read &lt;a")))
    assert said["updated"]["answers"] == 0
    assert whys(said, "answer 2") == whys(said, "answer 3") == ["It was changed here since, and stays as it is."]
    assert [posts(SLEEP)[1].body, posts(SLEEP)[3].state] == ["A moderator's words.", State.HIDDEN]


def test_a_question_that_was_edited_here_still_takes_new_answers(run: Run, copy: Callable[..., Path]) -> None:
    run(DUMP)
    opening_id = posts(SLEEP)[0].id
    with unit_of_work():
        items.edit_post(post_by_id(opening_id), "A moderator's words.")
    new = '<row Id="9" PostTypeId="2" ParentId="1" CreationDate="2019-05-01T09:00:00.000" Body="Late." />\n</posts>'
    said = run(copy("Posts.xml", ("wakes", "woke"), ("</posts>", new)))
    assert (said["created"]["answers"], said["unchanged"]["answers"], said["unchanged"]["comments"]) == (1, 2, 2)
    assert [post.body for post in posts(SLEEP)][::5] == ["A moderator's words.", "Late."]


def test_what_can_never_be_taken_takes_no_numbers(run: Run, copy: Callable[..., Path]) -> None:
    folder = copy("Comments.xml", ('Text="That is *kind*."', 'Text=""'))
    for _time in range(3):
        run(folder)
    found = topic(SLEEP)
    assert (found.post_count, found.last_post_number) == (4, 5)


def test_a_topic_that_was_removed_here_is_not_brought_back(run: Run, copy: Callable[..., Path]) -> None:
    run(DUMP)
    topic_id = topic(SLEEP).id
    with unit_of_work():
        db.session.delete(db.session.get_one(Topic, topic_id))
    new = '<row Id="9" PostTypeId="2" ParentId="1" CreationDate="2019-05-01T09:00:00.000" Body="Late." />\n</posts>'
    said = run(copy("Posts.xml", ("wakes", "woke"), ("</posts>", new)))
    assert whys(said, "answer 9") == ["It was removed here, and is not brought back."]
    assert db.session.get(Topic, topic_id) is None


def test_a_reply_of_a_member_between_two_runs_keeps_its_number(run: Run, copy: Callable[..., Path]) -> None:
    run(DUMP)
    makers.reply(topic(SLEEP), makers.member("Anna", site="en"), "I am new here.")
    new = '<row Id="9" PostId="2" Text="Late." CreationDate="2019-03-05T12:00:00.000" UserId="8" />\n</comments>'
    assert run(copy("Comments.xml", ("</comments>", new)))["created"]["comments"] == 1
    assert [(p.number, p.body) for p in posts(SLEEP)][5:] == [(6, "I am new here."), (7, "Late.")]


def test_a_dry_run_counts_and_changes_nothing(run: Run) -> None:
    said = run(DUMP, "--dry-run")
    assert db.session.scalars(select(Topic)).all() == []
    assert db.session.scalars(select(Board)).all() == []
    assert run(DUMP) == said


def test_old_addresses_lead_to_the_topic(run: Run, visitor: Any) -> None:
    run(DUMP)
    path = topic(SLEEP).path
    for old in (
        "/questions/1",
        "/questions/1/how-do-you-sleep",
        "/questions/1/any/3",
        "/q/1",
        "/q/1/7",
        "/a/3",
        "/a/2/8",
    ):
        answer = visitor.get(old)
        assert (answer.status_code, answer.location) == (301, path), old
    assert visitor.get("/questions/77").status_code == 404


def test_links_within_the_old_site_lead_on_or_are_words(run: Run) -> None:
    run(DUMP)
    shown = posts(SLEEP)[3].body_html
    assert '<a href="/questions/5/locked">this</a>' in shown
    assert "/users/7" not in shown
    assert "her" in shown


def test_a_board_that_is_there_takes_the_topics(run: Run) -> None:
    board_id = makers.board("Sleep", site="en", is_quiet=True, stage_from=0, stage_to=365).id
    run(DUMP, board="sleep")
    found = topic(SLEEP)
    assert (found.collection_id, found.is_quiet, found.stage_to) == (board_id, True, 365)


def test_a_board_with_no_name_for_an_address_is_refused(run: Run) -> None:
    assert run(DUMP, board="Old Talk")["status"] == 2


def test_the_posts_alone_are_enough(run: Run, tmp_path: Path) -> None:
    shutil.copy(DUMP / "Posts.xml", tmp_path)
    said = run(tmp_path)
    assert said["found"] == {"questions": 4, "answers": 4, "comments": 0, "users": 0, "others": 1}
    assert topic(SLEEP).author_name == "user7"


def test_a_folder_without_posts_is_no_dump(run: Run, tmp_path: Path) -> None:
    shutil.copy(DUMP / "Users.xml", tmp_path)
    assert run(tmp_path)["status"] == 2
    (tmp_path / "Posts.xml").write_text("<rss><channel/></rss>")
    assert run(tmp_path)["status"] == 2
    (tmp_path / "Posts.xml").write_text("Not Found")
    assert run(tmp_path)["status"] == 2


def test_a_broken_file_gives_what_can_be_read_and_names_the_line(run: Run, copy: Callable[..., Path]) -> None:
    said = run(copy("Posts.xml", ('Body="&lt;p&gt;We took turns', 'Body="<&lt;p&gt;We took turns')))
    assert said["created"]["questions"] == 2
    assert said["status"] == 3
    assert "Posts.xml line 5" in {p["where"] for p in said["problems"] if "broken here" in p["why"]}
    assert sums(said) == said["found"]


def test_a_file_that_breaks_off_gives_what_stands_before(run: Run, tmp_path: Path) -> None:
    text = (DUMP / "Posts.xml").read_text()
    (tmp_path / "Posts.xml").write_text(text[: text.index('<row Id="6"') + 60])
    said = run(tmp_path)
    assert said["created"]["questions"] == 2
    assert said["status"] == 3


@pytest.mark.parametrize("bad", [b"\x00", b"\x0b", b"\xff", b"\xef\xbf\xbe"])
def test_a_letter_that_xml_forbids_costs_no_more_than_itself(run: Run, tmp_path: Path, bad: bytes) -> None:
    whole = (DUMP / "Posts.xml").read_bytes()
    (tmp_path / "Posts.xml").write_bytes(whole.replace(b"We took turns.", b"We took turns." + bad))
    said = run(tmp_path)
    assert said["created"]["answers"] == 2
    assert "We took turns." in posts(SLEEP)[1].body


def test_entities_of_a_file_are_not_followed(run: Run, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("a secret of this machine")
    head = f'<!DOCTYPE posts [<!ENTITY x SYSTEM "file://{secret}"><!ENTITY y "yyyy">]>'
    body = '<row Id="1" PostTypeId="1" Title="T" Body="&y; &x;" CreationDate="2019-01-01" />'
    (tmp_path / "Posts.xml").write_text(f'<?xml version="1.0"?>{head}<posts>{body}</posts>')
    run(tmp_path)
    assert all("secret" not in post.body for post in db.session.scalars(select(Post)))
