"""The hourglass: one test for each step, the reasons, the history, and what is forgotten."""

import json
from random import Random
from typing import Any

import pytest

from community.accounts.actions import set_consents
from community.core.db import db, unit_of_work
from community.marketing import actions
from community.marketing.hourglass import LEAST_STAGE, PHASES, STAGES, Evidence, stage_of
from community.members.models import Member, Purpose
from community.members.queries import member_by_id
from community.messages.actions.choices import end_mails
from community.operations.actions import leaving
from community.profiles.models import Phase, PhaseChange, Stage, Standing
from community.touchpoints.actions import PROJECTIONS, project, read_on, rebuild
from community.touchpoints.models import Touchpoint, Verb
from tests import makers


def standing(member: Member) -> Standing:
    project()
    db.session.rollback()
    return db.session.get(Standing, member.id) or Standing(phase="", stage="")


def moves(member: Member) -> list[tuple[str, str, int | None]]:
    rows = db.session.query(PhaseChange).filter_by(member_id=member.id).order_by(PhaseChange.touchpoint_id)
    return [(row.before, row.phase, row.touchpoint_id) for row in rows]


def stage_with_reasons(member: Member) -> tuple[str, list[int]]:
    return stage_of(Evidence(**standing(member).evidence))


def everything() -> list[Any]:
    db.session.rollback()
    columns = [c.key for c in Standing.__table__.columns]
    rows = [tuple(str(getattr(row, c)) for c in columns) for row in db.session.query(Standing)]
    changes = [(c.member_id, c.before, c.phase, c.touchpoint_id) for c in db.session.query(PhaseChange)]
    return [sorted(rows), sorted(changes)]


def test_the_first_contact_makes_know(cora, did):
    first = did(Verb.PAGE_READ, "article:1")
    assert (standing(cora).phase, standing(cora).phase_reasons, standing(cora).stage) == ("know", [first], "see")


def test_a_confirmed_address_with_a_yes_to_mail_makes_like(cora, did):
    did(Verb.MEMBER_REGISTERED, source="web")
    assert standing(cora).phase == "know"
    confirmed = did(Verb.MEMBER_CONFIRMED)
    assert standing(cora).phase == "know"
    agreed = did(Verb.PAGE_READ, "article:1", allows="pom")
    assert (standing(cora).phase, standing(cora).phase_reasons) == ("like", [confirmed, agreed])


def test_a_third_day_with_us_makes_like(cora, did):
    days = [did(Verb.PAGE_READ, f"topic:{number}", days_ago=5 - number) for number in range(2)]
    assert standing(cora).phase == "know"
    days.append(did(Verb.POST_THANKED, "topic:9"))
    assert (standing(cora).phase, standing(cora).phase_reasons) == ("like", days)


def test_the_seventh_contact_makes_trust_where_three_are_help(cora, did):
    made = [did(Verb.PAGE_READ, f"article:{1 + number % 3}") for number in range(6)]
    assert standing(cora).phase == "know"
    made.append(did(Verb.POST_WRITTEN, "topic:4", post_id=1))
    assert (standing(cora).phase, standing(cora).phase_reasons, standing(cora).contact_count) == ("trust", made, 7)


def test_a_hundred_contacts_without_help_make_no_trust(cora, did):
    for number in range(9):
        did(Verb.PAGE_READ, f"topic:{number}")
    assert standing(cora).phase == "know"


def test_a_club_makes_trust(cora, did):
    joined = did(Verb.CLUB_JOINED, "club:1")
    assert (standing(cora).phase, standing(cora).phase_reasons, standing(cora).stage) == ("trust", [joined], "think")


def test_a_question_to_us_makes_try_and_a_complaint_does_not(cora, did):
    did(Verb.CASE_OPENED, "case:1", kind="complaint")
    assert standing(cora).phase == "know"
    asked = did(Verb.CASE_OPENED, "case:2", kind="question")
    assert (standing(cora).phase, standing(cora).phase_reasons, standing(cora).stage) == ("try", [asked], "do")


def test_weighing_a_product_by_the_word_of_others_makes_try(cora, did):
    voted = did(Verb.REVIEW_VOTED, "review:1", author_id=9)
    assert (standing(cora).phase, standing(cora).phase_reasons) == ("try", [voted])


def test_an_order_makes_buy_and_a_second_one_repeat(cora, did):
    first = did(Verb.ORDER_PLACED, "order:1", cents=3995)
    assert (standing(cora).phase, standing(cora).phase_reasons, standing(cora).stage) == ("buy", [first], "care")
    second = did(Verb.ORDER_PLACED, "order:2", cents=1000)
    now = standing(cora)
    assert (now.phase, now.phase_reasons, now.order_count, now.spent_cents) == ("repeat", [first, second], 2, 4995)


def test_an_order_sent_back_counts_no_more_and_the_highest_phase_stays(cora, did):
    did(Verb.ORDER_PLACED, "order:1", cents=3995)
    second = did(Verb.ORDER_PLACED, "order:2", cents=1000)
    part = did(Verb.ORDER_RETURNED, "order:1", cents=1000)
    assert (standing(cora).phase, standing(cora).spent_cents) == ("repeat", 3995)
    rest = did(Verb.ORDER_RETURNED, "order:1", cents=2995)
    now = standing(cora)
    assert (now.phase, now.highest_phase, now.phase_reasons, now.order_count) == ("buy", "repeat", [second], 1)
    assert moves(cora)[-1] == ("repeat", "buy", rest)
    assert part not in now.phase_reasons


def test_a_friend_makes_refer(cora, did):
    came = did(Verb.FRIEND_CAME, "member:9", referral_id=1)
    assert (standing(cora).phase, standing(cora).phase_reasons, standing(cora).stage) == ("refer", [came], "care")


def test_a_review_makes_refer_once_there_is_a_link_to_share(cora, did):
    told = did(Verb.REVIEW_WRITTEN, "review:1")
    assert standing(cora).phase == "know"
    joined = did(Verb.AMBASSADOR_JOINED)
    assert (standing(cora).phase, standing(cora).phase_reasons) == ("refer", [told, joined])


def test_a_whole_way_stands_in_the_history(cora, did):
    way = [
        did(Verb.MEMBER_CONFIRMED, allows="pom"),
        did(Verb.CLUB_JOINED, "club:1"),
        did(Verb.CASE_OPENED, "case:1", kind="question"),
        did(Verb.ORDER_PLACED, "order:1", cents=1),
        did(Verb.ORDER_PLACED, "order:2", cents=1),
        did(Verb.FRIEND_CAME, "member:9", referral_id=1),
    ]
    project()
    assert [(after, by) for _before, after, by in moves(cora)] == list(zip([*PHASES[1:]], way, strict=True))


def test_a_second_read_about_one_subject_moves_see_to_think_and_the_reasons_show_both(cora, did):
    sleep = [makers.article(theme="Sleep") for _ in range(2)]
    food = makers.article(theme="Food")
    first = did(Verb.PAGE_READ, sleep[0].key)
    did(Verb.PAGE_READ, food.key)
    assert stage_with_reasons(cora)[0] == "see"
    second = did(Verb.PAGE_READ, sleep[1].key)
    assert stage_with_reasons(cora) == ("think", [first, second])
    assert standing(cora).stage == "think"


def test_a_search_moves_see_to_think(cora, did):
    did(Verb.PAGE_READ, "article:1")
    searched = did(Verb.SEARCH_MADE, words="sleep", count=3)
    assert stage_with_reasons(cora) == ("think", [searched])


def test_a_second_look_at_products_moves_to_do(cora, did):
    looks = [did(Verb.PAGE_READ, "product:1"), did(Verb.PAGE_READ, "product:2")]
    assert stage_with_reasons(cora) == ("do", looks)


def test_an_order_moves_to_care(cora, did):
    order = did(Verb.ORDER_PLACED, "order:1", cents=5)
    assert stage_with_reasons(cora) == ("care", [order])


def test_every_phase_means_a_stage_and_a_later_one_none_that_is_earlier():
    ranks = [STAGES.index(LEAST_STAGE[phase]) for phase in Phase]
    assert ranks == sorted(ranks)
    assert set(LEAST_STAGE.values()) == set(Stage)


def test_the_same_page_at_once_again_is_one_contact(cora, did):
    for _again in range(3):
        did(Verb.PAGE_READ, "article:1")
    assert (standing(cora).contact_count, standing(cora).stage) == (1, "see")


def test_without_the_yes_to_offers_there_is_no_phase(anna, did):
    did(Verb.PAGE_READ, "article:1", by=anna, allows="pa")
    did(Verb.ORDER_PLACED, "order:1", by=anna, allows="pa", cents=5)
    assert standing(anna).phase == ""
    assert moves(anna) == []


def test_what_was_done_before_the_yes_makes_no_phase(cora, did):
    did(Verb.ORDER_PLACED, "order:1", cents=5, allows="")
    did(Verb.PAGE_READ, "article:1")
    assert (standing(cora).phase, standing(cora).order_count) == ("know", 0)


@pytest.mark.parametrize("way", ["privacy", "unsubscribe"])
def test_withdrawing_the_yes_takes_phase_figures_and_history_at_once(cora, did, way):
    did(Verb.ORDER_PLACED, "order:1", cents=5)
    assert standing(cora).phase == "buy"
    with unit_of_work():
        member = member_by_id(cora.id)
        if way == "privacy":
            asked = frozenset(Purpose)
            set_consents(member, asked - {Purpose.OFFERS}, asked, source="privacy")
        else:
            end_mails(member, "all")
    now = db.session.get(Standing, cora.id)
    assert (now.phase, now.stage, now.phase_reasons, now.order_count, now.evidence["orders"]) == ("", "", [], 0, {})
    assert moves(cora) == []
    did(Verb.POST_WRITTEN, "topic:1", post_id=1, allows="p")
    assert standing(cora).phase == ""


def test_withdrawing_all_reading_leaves_what_deeds_made(cora, did):
    for number in range(6):
        did(Verb.PAGE_READ, f"article:{number}")
    thanks = did(Verb.POST_THANKED, "topic:1", post_id=1)
    assert standing(cora).phase == "trust"
    with unit_of_work():
        asked = frozenset(Purpose)
        set_consents(member_by_id(cora.id), frozenset({Purpose.OFFERS}), asked, source="privacy")
    now = db.session.get(Standing, cora.id)
    assert (now.phase, now.phase_reasons, now.read_count) == ("know", [thanks], 0)


def test_points_and_complaints_of_other_rooms_stay_as_they_are(cora, did):
    with unit_of_work():
        db.session.add(Standing(member_id=cora.id, points=40, tier="silver", complaint_count=1))
    did(Verb.ORDER_PLACED, "order:1", cents=5)
    assert standing(cora).phase == "buy"
    with unit_of_work():
        actions.rescore([cora.id])
    now = standing(cora)
    assert (now.phase, now.points, now.tier, now.complaint_count) == ("buy", 40, "silver", 1)


def test_an_erased_member_leaves_no_standing_and_no_history(cora, did):
    did(Verb.ORDER_PLACED, "order:1", cents=5)
    project()
    with unit_of_work():
        leaving.erase(member_by_id(cora.id), with_posts=False)
    assert (db.session.query(Standing).count(), db.session.query(PhaseChange).count()) == (0, 0)


def test_one_by_one_all_at_once_rebuilt_and_scored_anew_are_the_same(app, run_jobs):
    chance, verbs = Random(12), [v for v in Verb if v != Verb.PREGNANCY_CHANGED]
    people = [makers.member(f"Parent {letter}", consents=("offers",)) for letter in "abcd"]
    items = [makers.article(theme=theme) for theme in ("Sleep", "Food", "Birth") for _ in range(2)]
    with unit_of_work():
        for number in range(600):
            verb = chance.choice([*verbs, *[Verb.PAGE_READ] * 20])
            about = chance.choice(items).key if verb == Verb.PAGE_READ else f"order:{number // 9}"
            facts = {"cents": chance.randint(1, 3000), "kind": chance.choice(("question", "complaint"))}
            row = {"at": people[0].joined_at, "verb": verb, "site": people[0].site, "about": about, "facts": facts}
            db.session.add(Touchpoint(**row, member_id=chance.choice(people).id, allows=chance.choice(("", "o", "om"))))
    while read_on("phases", most=7):
        pass
    by_steps = everything()
    assert len(by_steps[0]) == 4
    rebuild("phases")
    rebuilt = everything()
    assert rebuilt == by_steps
    assert actions.score_all() == 4
    assert everything() == by_steps
    assert read_on("phases") == 0


def test_the_command_scores_everybody_and_counts_them(cora, did, app):
    did(Verb.ORDER_PLACED, "order:1", cents=5)
    project()
    told = app.test_cli_runner().invoke(args=["marketing", "score", "--json"])
    assert json.loads(told.stdout.splitlines()[-1])["phases"]["buy"] == 1
    assert "buy" in app.test_cli_runner().invoke(args=["marketing", "score"]).output


def test_the_number_of_statements_does_not_grow_with_the_members_of_a_batch(app, did, statements):
    def batch_of(size: int) -> int:
        people = [makers.member(consents=("offers",)) for _ in range(size)]
        for person in people:
            did(Verb.PAGE_READ, "article:1", by=person)
        ids = [person.id for person in people]

        def read() -> None:
            with unit_of_work():
                actions.read(db.session.query(Touchpoint).filter(Touchpoint.member_id.in_(ids)).all())

        return len(statements(read))

    assert batch_of(2) == batch_of(9)
    assert "phases" in PROJECTIONS
