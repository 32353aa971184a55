"""What is derived of reading: once per read, rebuilt to the same, and taken back without a trace."""

from datetime import timedelta
from typing import Any

import pytest

from community.core import clock
from community.core.db import db, unit_of_work
from community.items.models import Item
from community.members.models import Member, Purpose, Visitor
from community.personalisation import actions
from community.personalisation.models import CoRead, Dismissed, Popularity, Read, read_now
from community.touchpoints import actions as touchpoints
from community.touchpoints.actions import PROJECTIONS, project, read_on, rebuild
from community.touchpoints.models import Touchpoint, Verb
from tests import makers

Tables = tuple[set[Any], dict[Any, float], dict[int, float]]
VISITOR = Visitor(frozenset({Purpose.PERSONALISATION}), "abc")


def tables() -> Tables:
    db.session.rollback()
    reads = {(r.person, r.item_id, r.last_at, r.seconds, r.share) for r in db.session.query(Read)}
    pairs = {(c.item_id, c.other_id): pytest.approx(c.weight) for c in db.session.query(CoRead)}
    return reads, pairs, {p.item_id: pytest.approx(p.score) for p in db.session.query(Popularity)}


def reads_of(person: Any) -> dict[int, int]:
    db.session.rollback()
    return {read.item_id: read.seconds for read in db.session.query(Read).filter_by(person=person)}


def pair(one: Item, other: Item) -> float:
    row = db.session.get(CoRead, (one.id, other.id))
    return round(row.weight, 6) if row else 0


def popularity(item: Item) -> float:
    row = db.session.get(Popularity, item.id)
    return round(read_now(row.score, clock.now()), 4) if row else 0


def leave(item: Item, by: Any, seconds: int, share: float) -> None:
    with unit_of_work():
        touchpoints.record(
            db.session.get(Member, by.id) if by.is_member else by, Verb.PAGE_LEFT, item, seconds=seconds, share=share
        )


def test_a_read_makes_a_row_pairs_and_a_score(anna: Any) -> None:
    first, second, third = (makers.article() for _ in range(3))
    for item in (first, second, third):
        makers.read(item, anna)
    project()
    assert reads_of(f"m{anna.id}").keys() == {first.id, second.id, third.id}
    assert (pair(third, second), pair(second, third), pair(third, first), pair(first, second)) == (1, 1, 0.9, 1)
    assert [popularity(item) for item in (first, second, third)] == [1, 1, 1]


def test_only_the_first_reads_of_a_person_count_as_those_of_a_newcomer_and_are_taken_back(anna: Any) -> None:
    items = [makers.article() for _ in range(6)]
    for item in items:
        makers.read(item, anna)
    project()
    counted = [db.session.get(Popularity, item.id).newcomers > 0 for item in items]
    assert counted == [True] * 4 + [False] * 2
    with unit_of_work():
        actions.forget(db.session.get(Member, anna.id))
    assert not db.session.query(Popularity).count()


def test_a_second_read_within_the_window_does_not_count_twice(anna: Any) -> None:
    item, other = makers.article(), makers.article()
    for days in (40, 39, 3):
        makers.read(item, anna, ago=timedelta(days=days))
    makers.read(other, anna, ago=timedelta(days=2))
    makers.read(item, anna)
    project()
    assert popularity(item) == round(0.5 ** (40 / 14) + 0.5 ** (3 / 14), 4)
    assert pair(item, other) == 1
    [row] = db.session.query(Read).filter_by(item_id=item.id)
    assert clock.now() - row.last_at < timedelta(minutes=1)


def test_a_second_read_after_twenty_others_counts_again_in_batches_of_any_size(
    anna: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    soon, late, *others = (makers.article() for _ in range(22))
    for item in (late, *others[:5], soon, *others[5:], soon, late):
        makers.read(item, anna)
    project()
    assert (popularity(soon), popularity(late)) == (1, 2)
    whole = tables()
    monkeypatch.setattr(touchpoints, "BATCH", 1)
    for name in PROJECTIONS:
        rebuild(name)
    assert tables() == whole


def test_a_read_makes_at_most_twenty_rows(anna: Any) -> None:
    items = [makers.article() for _ in range(13)]
    for item in items:
        makers.read(item, anna)
    project()
    last = items[-1]
    assert db.session.query(CoRead).filter_by(item_id=last.id).count() == 10
    assert (pair(last, items[-2]), pair(last, items[2]), pair(last, items[1])) == (1, 0.1, 0)


def test_seconds_and_share_are_added_to_a_read_and_never_make_one(anna: Any) -> None:
    item, other = makers.article(), makers.article()
    makers.read(item, anna)
    for seconds, share in ((20, 0.4), (15, 0.9), (5, 0.2)):
        leave(item, anna, seconds, share)
    leave(other, anna, 30, 1.0)
    project()
    [row] = db.session.query(Read).all()
    assert (row.item_id, row.seconds, row.share) == (item.id, 40, 0.9)


def test_only_rows_that_allow_personalisation_are_read(anna: Any) -> None:
    item = makers.article()
    makers.read(item, anna, allows="a")
    makers.read(item, Visitor())
    project()
    assert tables() == (set(), {}, {})


def test_reading_on_twice_changes_nothing(anna: Any, bob: Any) -> None:
    items = [makers.article() for _ in range(4)]
    for item in items:
        makers.read(item, anna)
    project()
    before = tables()
    for name in PROJECTIONS:
        assert read_on(name) == 0
    assert tables() == before


def test_a_rebuild_from_nothing_gives_the_same_tables_in_batches_of_any_size(
    anna: Any, bob: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    items = [makers.article() for _ in range(6)]
    for number in range(60):
        who = (anna, bob, VISITOR)[number % 3]
        makers.read(items[(number * number + number // 7) % 6], who, ago=timedelta(days=90 - number * 1.5))
    leave(items[0], anna, 12, 0.5)
    project()
    whole = tables()
    assert all(whole)
    for size in (1, 7):
        monkeypatch.setattr(touchpoints, "BATCH", size)
        for name in PROJECTIONS:
            rebuild(name)
        assert tables() == whole


def test_an_item_that_is_gone_is_passed_over(anna: Any) -> None:
    gone, kept = makers.article(), makers.article()
    makers.read(gone, anna)
    makers.read(kept, anna)
    with unit_of_work():
        db.session.delete(db.session.get_one(Item, gone.id))
    project()
    assert reads_of(f"m{anna.id}").keys() == {kept.id}
    assert popularity(kept) == 1


def test_popularity_halves_in_fourteen_days(anna: Any) -> None:
    old, new = makers.article(), makers.article()
    makers.read(old, anna, ago=timedelta(days=14))
    makers.read(new, anna)
    project()
    assert (popularity(old), popularity(new)) == (0.5, 1)
    clock.move_by(timedelta(days=14))
    assert (popularity(old), popularity(new)) == (0.25, 0.5)


def test_what_came_of_one_member_alone_goes_when_they_withdraw(anna: Any) -> None:
    eve = makers.member("Eve", consents=("personalisation",))
    first, second, third = (makers.article() for _ in range(3))
    for item in (first, second, third):
        makers.read(item, anna, ago=timedelta(days=3))
    for item in (first, second):
        makers.read(item, eve)
    project()
    with unit_of_work():
        actions.forget(db.session.get_one(Member, anna.id))
    assert reads_of(f"m{anna.id}") == {}
    assert (pair(first, second), pair(second, third), popularity(first), popularity(third)) == (1, 0, 1, 0)
    left = tables()
    for name in PROJECTIONS:
        rebuild(name)
    assert tables() == left


def test_a_visitors_reading_joins_the_member_as_one_history(anna: Any) -> None:
    before, both, after = (makers.article() for _ in range(3))
    makers.read(before, anna)
    makers.read(both, anna)
    leave(both, anna, 10, 0.2)
    makers.read(both, VISITOR)
    makers.read(after, VISITOR)
    leave(both, VISITOR, 5, 0.7)
    project()
    with unit_of_work():
        actions.join_visitor("abc", db.session.get_one(Member, anna.id))
    assert reads_of("vabc") == {}
    assert reads_of(f"m{anna.id}") == {before.id: 0, both.id: 15, after.id: 0}
    joined = tables()
    assert (pair(both, before), pair(after, both), pair(after, before), popularity(both)) == (1, 1, 0.9, 1)
    for name in PROJECTIONS:
        rebuild(name)
    assert tables() == joined


def test_a_visitor_who_withdraws_leaves_nothing(app: Any) -> None:
    for item in (makers.article(), makers.article()):
        makers.read(item, VISITOR)
    project()
    with unit_of_work():
        actions.forget_visitor("abc")
    assert tables() == (set(), {}, {})
    assert db.session.query(Touchpoint).count() == 0


def test_erasure_leaves_no_row_of_the_person(anna: Any) -> None:
    first, second = makers.article(), makers.article()
    for item in (first, second):
        makers.read(item, anna)
    with unit_of_work():
        actions.dismiss(db.session.get_one(Member, anna.id), db.session.get_one(Item, first.id))
    project()
    with unit_of_work():
        actions.erase(anna.id)
    assert tables() == (set(), {}, {})
    assert db.session.query(Dismissed).count() == 0


def test_not_this_is_kept_once_and_told_once(anna: Any) -> None:
    item = makers.article()
    for _ in range(2):
        with unit_of_work():
            actions.dismiss(db.session.get_one(Member, anna.id), db.session.get_one(Item, item.id))
    assert db.session.query(Dismissed).count() == 1
    assert [t.verb for t in db.session.query(Touchpoint)] == [Verb.ITEM_DISMISSED]
