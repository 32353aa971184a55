"""Deeds that run beside each other: each is whole, none is lost, and none is counted twice."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import count
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, select

from community.core import audit, clock, generation
from community.core.db import db, unit_of_work
from community.core.jobs import JobRow, job
from community.core.jobs import run as run_job
from community.forums.actions.ties import keep_positions
from community.items.models import Item, Post
from community.members.models import Member
from community.messages.actions import notices
from community.messages.models import NoticeKind
from community.messages.queries.notices import unread_count
from community.touchpoints import actions as touchpoints
from community.touchpoints.models import Touchpoint, Verb
from tests import makers

WRITERS, EACH = 8, 6


@job
def look() -> None:
    """Work that says what is stored when it runs."""
    SEEN.append(db.session.scalar(select(func.count()).select_from(Touchpoint)) or 0)


SEEN: list[int] = []


@pytest.fixture
def beside(app: Flask) -> Callable[..., None]:
    """Do each of these deeds in a thread and a unit of work of its own, all at once."""

    def run(deeds: list[Callable[[], None]]) -> None:
        start = threading.Barrier(len(deeds))

        def one(deed: Callable[[], None]) -> None:
            with app.app_context():
                start.wait()
                for _time in range(EACH):
                    with unit_of_work():
                        deed()
                db.session.remove()

        with ThreadPoolExecutor(len(deeds)) as pool:
            list(pool.map(one, deeds))
        db.session.rollback()

    return run


def test_answers_of_eight_writers_are_numbered_one_by_one(beside: Callable[..., None]) -> None:
    writers = [makers.member() for _number in range(WRITERS)]
    topic = makers.topic(makers.board(), makers.member("Anna"))
    beside([partial(answer, topic.id, writer.id) for writer in writers])
    numbers = list(db.session.scalars(select(Post.number).where(Post.item_id == topic.id).order_by(Post.number)))
    assert numbers == list(range(1, WRITERS * EACH + 2))
    found = db.session.get_one(Item, topic.id)
    assert (found.last_post_number, found.post_count, found.last_live_number) == (numbers[-1],) * 3


def test_the_audit_chain_stays_whole(beside: Callable[..., None]) -> None:
    beside([partial(audit.keep, "role.granted", f"member:{number}", None) for number in range(WRITERS)])
    assert audit.first_broken() is None


def test_every_change_moves_the_number_of_the_pages(beside: Callable[..., None]) -> None:
    beside([partial(generation.changed, "nl")] * WRITERS)
    assert generation.number_of("nl") == WRITERS * EACH


def test_threads_wait_their_turn_where_the_database_itself_would_turn_them_away(beside: Callable[..., None]) -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL lets deeds run beside each other")

    def be_impatient(connection: Any, *_: Any) -> None:
        connection.execute("PRAGMA busy_timeout = 0")

    engine = db.engine
    event.listen(engine, "checkout", be_impatient)
    try:
        beside([partial(generation.changed, "nl")] * WRITERS)
    finally:
        event.remove(engine, "checkout", be_impatient)
        engine.dispose()
    assert generation.number_of("nl") == WRITERS * EACH


def test_work_with_a_key_waits_once(beside: Callable[..., None]) -> None:
    beside([partial(look.later, key="all")] * WRITERS)
    assert db.session.scalar(select(func.count()).select_from(JobRow).where(JobRow.name == look.name)) == 1


def test_a_projection_reads_every_touchpoint_once_while_others_write(
    app: Flask, beside: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []
    monkeypatch.setitem(
        touchpoints.PROJECTIONS, "counting", (lambda batch: read.extend(t.id for t in batch), read.clear)
    )
    writers = [makers.member() for _number in range(WRITERS)]
    done = threading.Event()

    def read_on() -> None:
        with app.app_context():
            while not done.is_set():
                touchpoints.read_on("counting")
            db.session.remove()

    readers = [threading.Thread(target=read_on) for _number in range(2)]
    for reader in readers:
        reader.start()
    beside([partial(tell, writer.id) for writer in writers])
    done.set()
    for reader in readers:
        reader.join()
    while touchpoints.read_on("counting"):
        pass
    assert sorted(read) == sorted(db.session.scalars(select(Touchpoint.id)))


@pytest.mark.only_on("postgresql")
def test_a_touchpoint_of_a_slow_deed_is_not_passed_over(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    monkeypatch.setitem(
        touchpoints.PROJECTIONS, "counting", (lambda batch: read.extend(t.id for t in batch), read.clear)
    )
    anna, bob = makers.member("Anna"), makers.member("Bob")
    while touchpoints.read_on("counting"):
        pass
    before = len(read)
    told, go_on = threading.Event(), threading.Event()

    def slow(member_id: int) -> None:
        with app.app_context():
            with unit_of_work():
                tell(member_id)
                db.session.flush()
                told.set()
                go_on.wait(10)
            db.session.remove()

    writer = threading.Thread(target=slow, args=(anna.id,))
    with unit_of_work():  # begins first, tells last, and is stored first
        writer.start()
        told.wait(10)
        tell(bob.id)
    monkeypatch.setattr("community.core.db.PATIENCE", 0.1)
    assert touchpoints.read_on("counting") == 0
    go_on.set()
    writer.join()
    assert touchpoints.read_on("counting") == 2
    assert read[before:] == sorted(read[before:])


@pytest.mark.only_on("postgresql")
def test_work_begins_after_the_deed_that_asked_for_it_is_stored(app: Flask) -> None:
    anna = makers.member("Anna")
    with unit_of_work():
        look.later(key="all")
    SEEN.clear()
    before = db.session.scalar(select(func.count()).select_from(Touchpoint)) or 0
    (waiting,) = db.session.scalars(select(JobRow.id).where(JobRow.name == look.name))
    stored, worker = threading.Event(), threading.Thread(target=_work, args=(app, waiting))
    with unit_of_work():
        tell(anna.id)
        look.later(key="all")
        db.session.info["at_the_end"]["~"] = partial(_let_work, worker, stored)
    worker.join()
    assert [before + 1] == SEEN


def _let_work(worker: threading.Thread, stored: threading.Event) -> None:
    worker.start()
    stored.wait(0.3)  # the worker comes to the row while the deed still holds it


def _work(app: Flask, job_id: int) -> None:
    with app.app_context():
        run_job(job_id)
        db.session.remove()


def answer(topic_id: int, member_id: int) -> None:
    """A plain answer, live at once."""
    topic, member = db.session.get_one(Item, topic_id), db.session.get_one(Member, member_id)
    makers.forums.reply(topic, member, f"At {clock.now()}")


def tell(member_id: int) -> None:
    """Something that a member did."""
    touchpoints.record(db.session.get_one(Member, member_id), Verb.PREGNANCY_CHANGED)


def test_bells_that_ring_while_they_are_read_show_what_is_unread(beside: Callable[..., None]) -> None:
    topic_id = makers.topic(makers.board(), makers.member("Anna")).id
    readers = [makers.member() for _number in range(WRITERS)]
    rows = [{"member_id": reader.id, "item_id": topic_id, "number": 1} for reader in readers]
    keys = count(1)

    def ring() -> None:
        topic = db.session.get_one(Item, topic_id)
        for row in rows:
            notices.tell(
                db.session.get_one(Member, row["member_id"]), NoticeKind.THANKS, f"key:{next(keys)}", item=topic
            )

    beside([ring, partial(keep_positions, rows), partial(keep_positions, rows[::-1])] * 2)
    members = [db.session.get_one(Member, row["member_id"]) for row in rows]
    assert [member.notice_count for member in members] == [unread_count(member) for member in members]
