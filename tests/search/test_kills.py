"""Many who write at once, and processes that are killed: nothing is lost, and answers keep coming. On either engine."""

import os
import signal
import time
import traceback

import pytest

from community.core.db import db, unit_of_work
from community.items import actions as items
from community.items.models import Item, State
from community.members.models import Member
from community.moderation.actions.screening import publish
from community.search import actions
from community.search.documents import Question
from community.search.following import following
from community.search.place import place
from tests import makers
from tests.faults.kills import slowdown
from tests.faults.people import running
from tests.running import within

pytestmark = pytest.mark.faults
WRITERS, POSTS, KILLS, SECONDS = 8, 50, 8, 5


def test_eight_processes_post_fifty_each_and_all_are_found(app, anna):
    topic_id, anna_id = makers.topic(makers.board(), anna, "Veel", "Begin.").id, anna.id

    def post(number):
        for turn in range(POSTS):
            with unit_of_work():
                item, member = db.session.get_one(Item, topic_id), db.session.get_one(Member, anna_id)
                publish(items.write_post(item, member, f"Kamille {number} {turn}"), member)

    writers = [process(app, post, number) for number in range(WRITERS)]
    with following(app):
        assert [os.waitpid(writer, 0)[1] for writer in writers] == [0] * WRITERS
        assert within(SECONDS * slowdown(), lambda: count_of("kamille") == WRITERS * POSTS)
    place.present().check()


def test_a_builder_may_be_killed_at_any_moment(app):
    for number in range(60):
        makers.article(f"Kamille {number}")
    actions.follow()
    began = time.monotonic()
    actions.rebuild()
    takes = time.monotonic() - began
    for kill in range(KILLS):
        builder = process(app, lambda _number: actions.rebuild(), kill)
        time.sleep(takes * kill / KILLS)
        assert count_of("kamille") == 60
        os.kill(builder, signal.SIGKILL)
        os.waitpid(builder, 0)
        assert count_of("kamille") == 60
    makers.article("Kamille, de laatste")
    actions.follow()
    place.present().check()
    assert count_of("kamille") == 61
    actions.rebuild()
    assert len([path for path in (app.config["DATA_DIR"] / "index").iterdir() if path.is_dir()]) == 1


def test_the_real_worker_finds_what_is_published_and_forgets_what_is_hidden_within_five_seconds(
    app, visitor, engine, tmp_path
):
    makers.stamp()
    makers.article("Eerste")
    with running(app.config["DATA_DIR"], "worker", log=tmp_path / "log", COMMUNITY_SEARCH=engine):
        soon = SECONDS * slowdown()
        assert within(20 * soon, lambda: count_of("eerste") == 1), "the worker has built no index"
        article = makers.article("Kamille")
        assert within(soon, lambda: article.path in visitor.get("/nl/search?q=kamille").text)
        with unit_of_work():
            items.set_item_state(db.session.get_one(Item, article.id), State.HIDDEN)
        assert article.path not in visitor.get("/nl/search?q=kamille").text
        assert within(soon, lambda: count_of("kamille") == 0)


def test_a_damaged_index_is_found_and_built_anew(app):
    makers.article("Kamille")
    actions.follow()
    place.let_go()
    folder = next(path for path in (app.config["DATA_DIR"] / "index").iterdir() if path.is_dir())
    for file in folder.iterdir():
        half = file.with_name("half")
        half.write_bytes(file.read_bytes()[: file.stat().st_size // 3])
        half.replace(file)
    actions.mend()
    assert count_of("kamille") == 1


def count_of(word):
    """In how many documents the index has it; 0 while there is none."""
    index = place.present()
    question = Question("nl", "nl", word, frozenset({"public"}))
    return index.search(question).total if index else 0


def process(app, deed, number):
    """A process of its own that does this, and nothing after it."""
    db.session.remove()
    db.engine.dispose()
    place.let_go()
    child = os.fork()
    if child:
        return child
    try:
        with app.app_context():
            deed(number)
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)
