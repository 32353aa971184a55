"""How a change reaches the index, and what happens when a writer dies, a file breaks or a bulk of rows moves."""

import os
import signal
import threading
import time

import pytest

from community.core import aids
from community.core.db import db, unit_of_work
from community.forums.actions import merging
from community.forums.queries import topics as forum_queries
from community.items import actions as items
from community.items.models import Item
from community.items.queries import post_by_id
from community.members.models import Member
from community.operations.actions.leaving import erase
from community.search import actions, queries
from community.search.following import following
from community.search.models import IndexChange
from community.search.place import place
from tests import makers
from tests.running import within
from tests.search.conftest import Seen


def notes():
    return [change.key for change in db.session.query(IndexChange).order_by(IndexChange.id)]


def test_a_deed_notes_each_thing_once_in_its_own_commit(app, anna):
    article = makers.article("Slapen")
    before = len(notes())
    with unit_of_work():
        row = db.session.get_one(Item, article.id)
        row.title = "Waken"
        db.session.flush()
        row.summary = "Anders"
    assert notes()[before:] == [f"item:{article.id}"]
    with pytest.raises(ZeroDivisionError), unit_of_work():
        db.session.get_one(Item, article.id).title = "Dromen"
        db.session.flush()
        raise ZeroDivisionError
    assert notes()[before:] == [f"item:{article.id}"]


def test_thanks_counts_and_visits_are_no_news(app, anna, bob):
    topic = makers.topic(makers.board(), bob)
    reply = makers.reply(topic, bob)
    before = len(notes())
    with unit_of_work():
        items.thank(post_by_id(reply.id), anna)
        db.session.get_one(Member, anna.id).notice_count += 1
    assert notes()[before:] == []


def test_edited_moved_and_deleted_words_follow(look, visitor, bob):
    topic = makers.topic(makers.board(), bob, "Eerst", "Het woord was maanzaad.")
    reply = makers.reply(topic, bob, "Ook maanzaad.")
    assert len(look(visitor, "maanzaad").titles) == 2
    with unit_of_work():
        items.edit_post(post_by_id(reply.id), "Nu sesam.")
    assert len(look(visitor, "maanzaad").titles) == 1
    assert look(visitor, "sesam").paths == [reply.path]
    with unit_of_work():
        row = db.session.get_one(Item, topic.id)
        items.move_item(row, "daarna", "/nl/forums/topics/1-daarna")
    assert look(visitor, "maanzaad").paths == ["/nl/forums/topics/1-daarna"]


def test_posts_of_a_merged_topic_are_found_in_the_other(look, visitor, bob, app):
    board = makers.board()
    one, two = makers.topic(board, bob, "Een", "Hier venkel."), makers.topic(board, bob, "Twee", "Hier tijm.")
    makers.reply(one, bob, "Venkel helpt.")
    site = one.site
    look(visitor, "venkel")
    with unit_of_work():
        source, target = (forum_queries.topic_by_id(site, topic.id) for topic in (one, two))
        merging.join(source, target)
    assert look(visitor, "venkel").titles == ["Twee", "Twee"]


def test_rows_changed_past_the_session_are_found_after_a_rebuild(look, visitor):
    article = makers.article("Slapen")
    look(visitor, "slapen")
    with db.engine.begin() as connection:
        connection.execute(Item.__table__.update().where(Item.id == article.id).values(title="Kamille"))
    assert look(visitor, "kamille").titles == []
    assert actions.rebuild() > 0
    assert look(visitor, "kamille").titles == ["Kamille"]
    with unit_of_work():
        actions.note([actions.ALL])
    assert look(visitor, "kamille").titles == ["Kamille"]


def test_reading_goes_on_while_a_new_index_is_swapped_in(app, visitor, look):
    makers.article("Slapen")
    look(visitor, "slapen")
    answers, ended = [], threading.Event()

    def read():
        browser = app.test_client()
        while not ended.is_set():
            with app.app_context():
                answers.append(len(Seen(browser.get("/nl/search?q=slapen").text).titles))

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(5):
        actions.rebuild()
        makers.article(f"Nog een {number}")
        actions.follow()
    ended.set()
    reader.join()
    assert set(answers) == {1}
    assert len(answers) > 5


def test_a_damaged_index_is_mended_and_no_page_breaks(app, visitor, look):
    makers.article("Slapen")
    look(visitor, "slapen")
    folder = next(path for path in (app.config["DATA_DIR"] / "index").iterdir() if path.is_dir())
    for file in folder.glob("*.seg"):
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 3])
    place.let_go()
    assert visitor.get("/nl/search?q=slapen").status_code == 200
    actions.mend()
    assert within(6, lambda: look(visitor, "slapen").titles == ["Slapen"])


def test_without_an_index_the_page_says_so(visitor):
    assert 'role="search"' in visitor.get("/nl/search?q=slapen").text


def test_an_index_that_is_ahead_of_the_database_is_built_anew(look, visitor):
    makers.article("Slapen")
    look(visitor, "slapen")
    with db.engine.begin() as connection:
        connection.execute(IndexChange.__table__.delete())
        connection.execute(Item.__table__.update().values(title="Teruggezet"))
    assert look(visitor, "teruggezet").titles == ["Teruggezet"]


def test_the_worker_finds_what_is_published_within_five_seconds(app, visitor):
    with following(app):
        article = makers.article("Slapen")
        assert within(5, lambda: article.path in visitor.get("/nl/search?q=slapen").text)


def test_an_erased_member_leaves_no_byte_and_no_number(app, look, visitor, bob):
    makers.topic(makers.board(), bob, "Vraag over kweepeer", "De kweepeer.")
    makers.article("Blijft")
    look(visitor, "kweepeer")
    with unit_of_work():
        erase(db.session.get_one(Member, bob.id), with_posts=True)
    actions.follow()
    found = [path for path in (app.config["DATA_DIR"] / "index").rglob("*") if path.is_file()]
    assert [path.name for path in found if b"kweepe" in path.read_bytes() or b"bob" in path.read_bytes().lower()] == []
    assert f"by:{bob.id}" not in {mark for document in queries.everything() for mark in document.marks}


@pytest.mark.faults
def test_killed_writers_lose_nothing_and_double_nothing(app, look, visitor):
    makers.stamp()
    makers.article("Eerste")
    look(visitor, "eerste")
    for round_ in range(20):
        writer = writing_process(app)
        for number in range(2):
            makers.article(f"Kamille {round_} {number}")
        time.sleep(0.01 * round_)
        os.kill(writer, signal.SIGKILL)
        os.waitpid(writer, 0)
    seen = look(visitor, "kamille")
    assert "40" in seen.chips[0]
    assert len({path for page in (1, 2) for path in look(visitor, "kamille", page=page).paths}) == 40


def writing_process(app):
    """A process that does nothing but keep the index up to date."""
    db.session.remove()
    db.engine.dispose()
    place.let_go()
    child = os.fork()
    while not child:
        with app.app_context():
            actions.follow()
    return child


def test_an_index_that_could_not_be_opened_once_is_opened_when_it_can_be(app, visitor, look, monkeypatch):
    monkeypatch.setattr(aids, "REST_SECONDS", 0)
    makers.article("Slapen")
    look(visitor, "slapen")
    folder = next(path for path in (app.config["DATA_DIR"] / "index").iterdir() if path.is_dir())
    away = folder.rename(folder.with_name("away"))
    place.let_go()
    assert Seen(visitor.get("/nl/search?q=slapen").text).titles == []
    away.rename(folder)
    assert Seen(visitor.get("/nl/search?q=slapen").text).titles == ["Slapen"]
