"""Lists for a log of reads: a planted habit is found, weights are learned from what is told, any folder does."""

import csv
import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flask import Flask

from community.personalisation.engine.blend import Blend
from community.personalisation.engine.candidate import Candidate
from community.personalisation.engine.evaluation import Answer, evaluated, figures
from community.personalisation.engine.evidence import Evidence
from community.personalisation.engine.folder import read_folder
from community.personalisation.engine.learning import PARTS, Example, learned
from community.personalisation.engine.log import Log, LoggedRead
from community.personalisation.engine.neighbours import neighbours_of
from community.personalisation.engine.protocols import PROTOCOLS, ROLLING, asked_rows
from community.personalisation.engine.readership import Readership
from community.personalisation.engine.scoring import USUAL, Part
from community.personalisation.engine.votes import votes
from community.touchpoints.actions import project
from tests import makers

SHARED = Path(__file__).parents[3] / "shared" / "data" / "recsys" / "ml-100k"


def habit(persons: int = 60, items: int = 40, reads: int = 12) -> Log:
    """Everybody reads items in their order, each from another one on."""
    rows = [
        LoggedRead(f"p{person}", (person * 7 + step) % items, 1_000.0 * step + person)
        for step in range(reads)
        for person in range(persons)
    ]
    return Log(rows)


def write(folder: Path, name: str, rows: list[dict[str, Any]], is_packed: bool = True) -> None:
    path = folder / (f"{name}.csv.gz" if is_packed else f"{name}.csv")
    with gzip.open(path, "wt", newline="") if is_packed else path.open("w", newline="") as file:
        table = csv.DictWriter(file, list(rows[0]))
        table.writeheader()
        table.writerows(rows)


@pytest.mark.parametrize("protocol", [*PROTOCOLS, ROLLING])
def test_each_protocol_names_ten_new_items_for_all_it_asks(protocol: str) -> None:
    log = habit()
    answers = evaluated(log, protocol).answers
    assert answers
    for answer in answers:
        assert len(answer.items) == len(set(answer.items)) == 10
    if protocol != ROLLING:
        known = PROTOCOLS[protocol][0](log, PROTOCOLS[protocol][1]).known.by_person()
        assert not any(set(a.items) & {read.item for read in known.get(a.asked.name, [])} for a in answers)


def test_what_all_read_next_is_found_before_what_is_popular() -> None:
    found = figures(evaluated(habit(), "last1").answers)
    assert found["lists"]["hit@10"] > 0.9 > found["popular"]["hit@10"]


def test_a_rolling_list_knows_nothing_of_the_read_that_it_is_asked_for() -> None:
    log = habit()
    cut = min(asked_rows(log))
    turned = Log([*log.reads[:cut], *(read._replace(item=(read.item * 3) % 40) for read in log.reads[cut:])])
    first, other = evaluated(log, ROLLING).answers[0], evaluated(turned, ROLLING).answers[0]
    assert first.asked.name == str(cut)
    assert first.items == other.items


def test_the_last_read_speaks_loudest_and_is_named() -> None:
    found = votes([1, 2], {1: [(8, 1.0)], 2: [(8, 1.0), (9, 1.0)]}, half_life=1)
    assert found.sums == {8: 1.5, 9: 0.5}
    assert found.leads == {8: 1, 9: 2}


def test_one_reader_alone_makes_no_tie() -> None:
    log = Log([LoggedRead("a", item, float(item)) for item in range(3)])
    evidence = Readership(log).learn(log.reads).refresh().evidence("a")
    assert not any(evidence.next.values())
    assert not any(evidence.near.values())


def test_two_readers_make_a_tie_and_each_tells_what_came_after() -> None:
    log = Log([LoggedRead(person, item, 0.0) for person, items in (("a", (1, 2)), ("b", (2, 1))) for item in items])
    evidence = Readership(log).learn(log.reads).refresh().evidence("a")
    assert evidence.beside == {1: [(2, 2.0)], 2: [(1, 2.0)]}
    assert evidence.next == {1: [(2, 1.0)], 2: [(1, 1.0)]}


def test_who_read_nothing_is_offered_what_others_read_first() -> None:
    """Each reads three of six items first, then most of thirty others."""
    rows = [
        LoggedRead(f"p{person}", 50 + (person + step) % 6 if step < 3 else (person + step) % 30, 100.0 * step + person)
        for step in range(30)
        for person in range(60)
    ]
    found = evaluated(Log(rows), "cold0")
    assert set(found.answers[0].items[:6]) == set(range(50, 56))
    assert not set(found.answers[0].popular) & set(range(50, 56))
    assert found.blend.at(0)[Part.NEWCOMERS] > USUAL[Part.NEWCOMERS]


def test_weights_are_drawn_to_the_part_that_tells_and_what_tells_nothing_stays_as_it_is() -> None:
    telling, misleading = PARTS.index(Part.NEXT), PARTS.index(Part.FRESH)
    values = np.zeros((20, len(PARTS)), np.float32)
    values[3, telling], values[9, misleading] = 1.0, 1.0
    blend = learned([Example(values, [3], known) for known in range(200)])
    for known in (0, 10, 100):
        weights = blend.at(known)
        assert weights[Part.NEXT] > 0.7
        assert weights[Part.FRESH] == 0
        assert weights[Part.STAGE] == USUAL[Part.STAGE]


def test_without_a_log_weights_are_the_usual_ones() -> None:
    assert learned([]) == Blend()


def test_an_item_tells_of_its_twin_less_of_what_all_read_and_against_what_its_readers_left() -> None:
    """Of ten items each is read with its twin, and all with one that everybody reads."""
    histories = [[2 * pair, 2 * pair + 1, 10] for pair in range(5) for _reader in range(400)]
    for item, others in neighbours_of(histories).items():
        if item < 10:
            told = dict(others)
            assert max(told, key=told.__getitem__) == item ^ 1
            assert {other for other, strength in others if strength > 0} == {item ^ 1, 10}
            assert len(told) == 10


def test_a_subject_that_few_items_have_tells_more_than_one_that_all_have() -> None:
    common, rare = Candidate(1, "item", tag_ids=frozenset({5})), Candidate(2, "item", tag_ids=frozenset({5, 6}))
    found = Evidence(learned={5: 0.5, 6: 0.5}).measures[Part.LEARNED]([common, rare])
    assert found[1] > found[0] > 0


def test_a_folder_may_lack_dates_items_and_persons(tmp_path: Path) -> None:
    rows = [{"user_id": r.person, "item_id": f"i{r.item}"} for r in habit().reads]
    write(tmp_path, "interactions", rows, is_packed=False)
    log = read_folder(tmp_path)
    assert len(log.reads) == len({(r["user_id"], r["item_id"]) for r in rows})
    assert all(len(answer.items) == 10 for answer in evaluated(log, "last20").answers)


def test_items_and_persons_are_told_by_their_columns(tmp_path: Path) -> None:
    write(tmp_path, "interactions", [{"user_id": "a", "item_id": "x", "timestamp": "5"}])
    write(tmp_path, "items", [{"item_id": "x", "title": "X", "tags": "sleep|food"}])
    write(tmp_path, "users", [{"user_id": str(n), "age": str(20 + n), "role": "mother"} for n in range(9)])
    log = read_folder(tmp_path)
    assert len(log.tags[0]) == 2
    assert set(log.traits["8"]) == {"age=4", "role=mother"}


def test_the_command_writes_lists_and_tells_how_good_they_are(app: Flask, tmp_path: Path) -> None:
    rows = [{"user_id": r.person, "item_id": f"i{r.item}", "timestamp": r.at} for r in habit().reads]
    write(tmp_path, "interactions", rows)
    out = tmp_path / "lists"
    asked = ["recommend", "evaluate", str(tmp_path), "--protocol", "last1", "--out", str(out), "--json"]
    result = app.test_cli_runner().invoke(args=asked)
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout[result.stdout.index("{") :])
    assert told["asked"] == len(out.read_text().splitlines()) == 60
    assert told["lists"]["ndcg@10"] > told["popular"]["ndcg@10"]


def test_a_sites_own_log_is_evaluated_alike(app: Flask, anna: Any) -> None:
    for _ in range(12):
        makers.read(makers.article(), anna)
    project()
    asked = ["recommend", "evaluate", "--own", "nl", "--protocol", "last1", "--json"]
    result = app.test_cli_runner().invoke(args=asked)
    assert result.exit_code == 0, result.output
    assert '"asked": 1' in result.stdout


@pytest.mark.skipif(not SHARED.exists(), reason="the shared interactions are not on this machine")
def test_newcomers_of_a_real_log_are_served_better_than_by_what_is_popular() -> None:
    answers: list[Answer] = evaluated(read_folder(SHARED), "cold1").answers
    found = figures(answers)
    assert found["lists"]["ndcg@10"] > 1.15 * found["popular"]["ndcg@10"]
