"""What is recommended: nothing outside the gate, the true reason for each, variety, and something for everybody."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from community.core import clock, memory
from community.core.db import db, unit_of_work
from community.items import actions as items
from community.items.models import Item, Stance, State, Visibility
from community.members.models import Member, Purpose, Visitor
from community.personalisation import actions, queries
from community.personalisation.engine.candidate import Candidate
from community.personalisation.engine.scoring import Part, Scored, varied
from community.personalisation.queries import Recommendation
from community.personalisation.queries.candidates import FRESH
from community.profiles import actions as profiles
from community.profiles.queries import Family, children_of, family_of
from community.sites.models import SITES
from community.touchpoints.actions import project
from tests import makers

NL = SITES["nl"]
WEEK_24 = (-119, -92)  # weeks 23 to 26
VISITOR = Visitor(frozenset({Purpose.PERSONALISATION}), "abc")


def recommended(who: Any, limit: int = 6) -> list[Recommendation]:
    db.session.rollback()
    return recommended_to(who, family_of(who, clock.today(NL.zone)), limit)


def recommended_to(who: Any, family: Family, limit: int = 6) -> list[Recommendation]:
    return queries.recommended_for(who, NL, family, limit, clock.today(NL.zone))


def titles(found: list[Recommendation]) -> list[str]:
    return [one.item.title for one in found]


def reasons(found: list[Recommendation]) -> dict[str, list[str]]:
    return {one.item.title: one.reasons for one in found}


def choose(who: Any, item: Any, weight: int) -> None:
    with unit_of_work():
        theme = db.session.get_one(Item, item.id)
        db.session.refresh(theme, ["theme"])
        profiles.set_interest(db.session.get_one(Member, who.id), theme.theme, weight)


def stop(who: Any) -> None:
    with unit_of_work():
        member = db.session.get_one(Member, who.id)
        profiles.stop(member, [child for child in children_of(member) if child.is_pregnancy])


@pytest.fixture(autouse=True)
def _in_english(app: Any) -> Any:
    with app.test_request_context("/en/"):
        app.preprocess_request()
        yield


def test_week_24_comes_first_at_112_days_to_go_and_says_so(anna: Any) -> None:
    makers.pregnancy(anna, 112)
    makers.article("Hearing", theme="Growing", stage=WEEK_24)
    makers.article("Teething", theme="Health", stage=(120, 240))
    makers.article("Money", theme="Family")
    found = recommended(anna)
    assert titles(found) == ["Hearing", "Money"]
    assert found[0].reasons == ["You are in week 24; this is about weeks 23 to 26."]
    assert found[1].reasons == ["This is for parents at any time."]


def test_a_range_that_begins_within_two_weeks_comes_too_but_later(anna: Any) -> None:
    makers.pregnancy(anna, 112)
    makers.article("Next week", stage=(-105, -99))
    makers.article("This week", stage=(-112, -106))
    makers.article("In three weeks", stage=(-91, -85))
    found = recommended(anna)
    assert titles(found) == ["This week", "Next week"]
    assert reasons(found)["Next week"] == ["You are in week 24; this is about week 25."]


def test_two_reads_about_sleep_bring_more_of_it_and_say_why(anna: Any) -> None:
    makers.pregnancy(anna, 112)
    for number in range(8):
        makers.article(f"Week {number}", theme=f"Theme {number % 4}", stage=WEEK_24)
    read = [makers.article(f"Sleep {number}", theme="Sleep") for number in range(2)]
    makers.article("Naps", theme="Sleep")
    before = titles(recommended(anna))
    for item in read:
        makers.read(item, anna)
    project()
    found = recommended(anna)
    assert "Naps" not in before
    assert "Naps" in titles(found)
    assert not {"Sleep 0", "Sleep 1"} & set(titles(found))
    assert reasons(found)["Naps"][0] == "You read 2 articles about sleep this month."


def test_what_readers_of_the_same_read_next_comes_with_its_title(anna: Any) -> None:
    first, second = makers.article("Nights"), makers.article("Mornings")
    for number in range(12):
        makers.article(f"Other {number}")
    for name in ("Cleo", "Dora"):
        other = makers.member(name, consents=("personalisation",))
        makers.read(first, other)
        makers.read(second, other)
    makers.read(first, anna)
    project()
    found = recommended(anna)
    assert titles(found)[0] == "Mornings"
    assert found[0].reasons[0] == "Parents who read “Nights” often read this next."


def test_what_one_other_reader_read_is_told_to_nobody(anna: Any) -> None:
    first, second = makers.article("Nights"), makers.article("Mornings")
    other = makers.member("Cleo", consents=("personalisation",))
    for item in (first, second):
        makers.read(item, other)
    makers.read(first, anna)
    project()
    assert Part.NEXT not in recommended(anna)[0].weights
    assert "Nights" not in str(reasons(recommended(anna)))


def test_a_chosen_subject_is_a_reason_and_an_unwanted_theme_is_out(anna: Any) -> None:
    chosen, unwanted = makers.article("Bottles", theme="Feeding"), makers.article("Prams", theme="Gear")
    choose(anna, chosen, 1)
    choose(anna, unwanted, -1)
    found = recommended(anna)
    assert titles(found) == ["Bottles"]
    assert found[0].reasons == ["You chose feeding as a subject."]


def test_what_was_read_or_refused_does_not_come_again(anna: Any) -> None:
    read, refused, new = (makers.article(title) for title in ("Read", "Refused", "New"))
    makers.read(read, anna)
    project()
    with unit_of_work():
        actions.dismiss(db.session.get_one(Member, anna.id), db.session.get_one(Item, refused.id))
    assert titles(recommended(anna)) == [new.title]


def test_reading_is_not_used_where_the_member_said_stop(anna: Any) -> None:
    for item in (makers.article("One", theme="Sleep"), makers.article("Two", theme="Sleep")):
        makers.read(item, anna)
    makers.article("Three", theme="Sleep")
    project()
    with unit_of_work():
        profiles.profile_for(db.session.get_one(Member, anna.id)).uses_reading = False
    assert not any("read" in words for found in recommended(anna) for words in found.reasons)


def test_age_counts_from_the_due_date_for_development_and_from_birth_for_the_rest(anna: Any) -> None:
    makers.child(anna, days_old=147, weeks_early=8)
    makers.article("Rolling", stage=(84, 100))
    makers.article("Jabs", stage=(140, 160), stage_basis="calendar")
    makers.article("Sitting", stage=(140, 160))
    found = reasons(recommended(anna))
    assert found.keys() == {"Rolling", "Jabs"}
    assert found["Rolling"][0].startswith("Counted from the due date your child is 13 weeks old; this is about:")
    assert found["Jabs"][0].startswith("Your child is 4 months old; this is about:")


def test_nothing_is_known_of_a_visitor_without_consent(app: Any) -> None:
    old, new = makers.article("Old"), makers.article("New")
    for name in ("Cleo", "Dora", "Emma", "Fay"):
        makers.read(old, makers.member(name, consents=("personalisation",)))
    makers.read(new, VISITOR, allows="")
    project()
    found = recommended(Visitor())
    assert titles(found) == ["Old", "New"]
    assert found[0].reasons == ["Much read here lately.", "Many who are new here read this first."]


def test_a_consenting_visitors_reading_alone_is_enough(app: Any) -> None:
    read = makers.article("Nights", theme="Sleep")
    for number in range(8):
        makers.article(f"Other {number}", theme=f"Theme {number}")
    makers.article("Naps", theme="Sleep", stage=(0, 90))
    makers.read(read, VISITOR)
    project()
    found = recommended(VISITOR)
    assert titles(found)[0] == "Naps"
    assert found[0].reasons == ["You read 1 article about sleep this month."]


def test_an_empty_site_recommends_nothing(anna: Any) -> None:
    assert recommended(anna) == recommended(Visitor()) == []


def test_after_the_stop_no_range_no_week_and_no_subject_from_before(anna: Any) -> None:
    makers.pregnancy(anna, 112)
    read = makers.article("Kicks", theme="Pregnancy")
    makers.article("Hearing", theme="Growing", stage=WEEK_24)
    makers.article("Names", theme="Pregnancy")
    makers.article("Walking", theme="Family")
    choose(anna, read, 1)
    makers.read(read, anna)
    project()
    stop(anna)
    for jump in (0, 60):
        clock.move_by(timedelta(days=jump))
        found = recommended(anna)
        assert set(titles(found)) == {"Names", "Walking"}
        words = str([one.reasons for one in found])
        assert not any(word in words for word in ("week", "pregnancy", "Kicks"))


def test_after_the_stop_a_second_childs_items_still_come(anna: Any) -> None:
    makers.pregnancy(anna, 112)
    makers.child(anna, days_old=400)
    makers.article("Hearing", stage=WEEK_24)
    makers.article("Walking", stage=(300, 700))
    stop(anna)
    for jump in (0, 60):
        clock.move_by(timedelta(days=jump))
        found = recommended(anna)
        assert titles(found) == ["Walking"]
        assert found[0].reasons[0].startswith(f"Your child is {13 if not jump else 15} months old")


def test_a_stopped_pregnancy_brings_no_baby_items_after_the_guard_is_lifted(anna: Any) -> None:
    makers.pregnancy(anna, 112)
    makers.article("Hearing", stage=WEEK_24)
    makers.article("Newborn", stage=(0, 30))
    stop(anna)
    with unit_of_work():
        profiles.resume(db.session.get_one(Member, anna.id))
    assert recommended(anna) == []


def test_never_three_of_a_theme_in_a_row_while_there_is_another() -> None:
    found = [scored(number, theme=1, total=2 - number / 100) for number in range(6)]
    found += [scored(10 + number, theme=2, total=0.1) for number in range(2)]
    themes = [one.theme_id for one in varied(found, 8)]
    assert themes[:6] == [1, 1, 2, 1, 1, 2]
    assert themes[6:] == [1, 1]


def test_a_little_better_gives_way_to_another_theme() -> None:
    found = [scored(1, 1, 1.0), scored(2, 1, 0.9), scored(3, 2, 0.85)]
    assert [one.candidate.id for one in varied(found, 3)] == [1, 3, 2]


def test_every_item_has_a_reason(anna: Any) -> None:
    makers.pregnancy(anna, 112)
    for number in range(10):
        makers.article(theme=f"Theme {number % 3}", stage=WEEK_24 if number % 2 else None)
    for who in (anna, Visitor(), VISITOR):
        assert all(one.reasons and all(one.reasons) for one in recommended(who, 10))


def test_related_items_share_theme_readers_or_time_and_leave_out_the_item(anna: Any) -> None:
    shown = makers.article("Nights", theme="Sleep", stage=(0, 90))
    makers.article("Naps", theme="Sleep")
    makers.article("Feeds", theme="Feeding", stage=(0, 90))
    makers.article("Cars", theme="Gear")
    next_one = makers.article("Mornings", theme="Family")
    for name in ("Cleo", "Dora"):
        other = makers.member(name, consents=("personalisation",))
        for item in (shown, next_one):
            makers.read(item, other)
    project()
    for reader in (anna, Visitor()):
        found = queries.related(db.session.get_one(Item, shown.id), reader, family_of(reader, clock.today()), 4)
        assert set(titles(found)[:3]) == {"Mornings", "Naps", "Feeds"}
        assert "Nights" not in titles(found)
        why = {title: words[0] for title, words in reasons(found).items()}
        assert why["Mornings"] == "Parents who read this often read that next."
        assert why["Naps"] == "It is about sleep too."
        assert why["Feeds"] == "It is about the same time."


def test_related_items_keep_the_guard(anna: Any) -> None:
    shown = makers.article("Walks", theme="Family")
    makers.article("Hearing", theme="Family", stage=WEEK_24)
    makers.pregnancy(anna, 112)
    stop(anna)
    db.session.rollback()
    found = queries.related(db.session.get_one(Item, shown.id), anna, family_of(anna, clock.today()), 4)
    assert found == []


def test_what_is_quiet_is_offered_to_nobody_and_nothing_follows_from_it(anna: Any) -> None:
    loss = makers.article("Loss", theme="Grief", is_quiet=True)
    makers.article("Mourning", theme="Grief")
    for who in (anna, makers.member("Cleo", consents=("personalisation",))):
        makers.read(loss, who)
    project()
    assert titles(recommended(Visitor())) == titles(recommended(anna)) == ["Mourning"]
    assert recommended(anna)[0].reasons == ["This is for parents at any time."]
    assert queries.most_read(NL, Visitor(), None, 4) == queries.learned_interests(anna) == []
    assert queries.related(db.session.get_one(Item, loss.id), anna, family_of(anna, clock.today()), 4) == []


def test_statements_do_not_grow_with_the_rows(anna: Any, statements: Callable[[Any], list[str]]) -> None:
    makers.pregnancy(anna, 112)
    counts = []
    for rows in (5, 50):
        items = [makers.article(theme=f"Theme {n % 5}", stage=WEEK_24 if n % 2 else None) for n in range(rows)]
        for item in items[: rows // 5]:
            makers.read(item, anna)
        project()
        shown = db.session.get_one(Item, items[-1].id)
        deeds = [partial(recommended_to, who, family_of(who, clock.today())) for who in (anna, VISITOR, Visitor())]
        deeds.append(partial(queries.related, shown, anna, family_of(anna, clock.today()), 4))
        memory.forget_all()
        first = [len(statements(deed)) for deed in deeds]
        counts.append((first, [len(statements(deed)) for deed in deeds]))
    assert counts == [([8, 4, 1, 2], [3, 2, 1, 1])] * 2  # what a circle of readers is offered is asked once a minute


def test_what_is_hidden_read_refused_or_muted_goes_at_once_though_it_was_offered_a_moment_before(anna: Any) -> None:
    hidden, dismissed, muted, read, left = (
        makers.article(title) for title in ("Hid", "Not this", "Mute", "Seen", "Left")
    )
    assert len(recommended(anna)) == 5
    with unit_of_work():
        person = db.session.get_one(Member, anna.id)
        db.session.get_one(Item, hidden.id).state = State.HIDDEN
        actions.dismiss(person, db.session.get_one(Item, dismissed.id))
        items.follow(person, db.session.get_one(Item, muted.id), Stance.MUTE)
    makers.read(read, anna)
    project()
    assert titles(recommended(anna)) == ["Left"]
    for reader, seen in ((makers.member("Cleo"), {"Left", "Seen", "Not this", "Mute"}), (Visitor(), {"Left"})):
        assert seen <= set(titles(recommended(reader)))
        assert "Hid" not in titles(recommended(reader))


def test_who_comes_back_is_offered_the_same_until_they_read_something(anna: Any, bob: Any) -> None:
    first, second = makers.article("Hearing", theme="Sleep"), makers.article("Nights", theme="Sleep")
    makers.article("Money")
    before = recommended(anna)
    assert recommended(anna) == before
    makers.read(first, anna)
    project()
    assert titles(recommended(anna))[0] == second.title
    assert recommended(anna)[0].reasons == ["You read 1 article about sleep this month."]
    assert [one.reasons for one in recommended(bob)] == [one.reasons for one in before]


def test_the_one_stop_counts_at_once_though_weeks_were_offered_a_moment_before(anna: Any) -> None:
    makers.pregnancy(anna, 112)
    makers.article("Hearing", stage=WEEK_24)
    makers.article("Money")
    assert titles(recommended(anna)) == ["Hearing", "Money"]
    stop(anna)
    assert titles(recommended(anna)) == ["Money"]


def test_what_a_club_says_is_offered_to_its_members_alone(anna: Any, bob: Any) -> None:
    writer = makers.member("Cleo")
    club = makers.club(members=(anna, writer))
    makers.topic(makers.board(club=club), writer, "Ours")
    makers.topic(makers.board(), writer, "Everybody's")
    assert set(titles(recommended(anna))) == {"Ours", "Everybody's"}
    assert titles(recommended(bob)) == ["Everybody's"]


def test_who_has_read_what_all_are_offered_gets_what_comes_after_it(anna: Any) -> None:
    before = clock.now() - timedelta(days=90)
    old = [makers.article(f"Old {number}", published_at=before) for number in range(3)]
    for _ in range(FRESH):
        makers.read(makers.article(), anna)
    project()
    assert {one.item.id for one in recommended(anna)} == {item.id for item in old}


def test_learned_interests_name_the_subjects_read_most(anna: Any, bob: Any) -> None:
    for theme, count, ago in (("Sleep", 3, 1), ("Birth", 1, 1), ("Old", 4, 70)):
        for _ in range(count):
            makers.read(makers.article(theme=theme), anna, ago=timedelta(days=ago))
    project()
    learned = queries.learned_interests(anna)
    assert [tag.name for tag, _weight in learned] == ["Sleep", "Birth"]
    assert 1 > learned[0][1] > learned[1][1] > 0
    assert queries.learned_interests(bob) == []


def test_drafts_other_sites_and_private_items_stay_out(anna: Any) -> None:
    makers.article("Draft", state=State.DRAFT)
    makers.article("English", site="en")
    makers.article("Mine", visibility=Visibility.ME)
    makers.article("Members", visibility=Visibility.MEMBERS)
    assert titles(recommended(anna)) == ["Members"]
    assert titles(recommended(Visitor())) == []


def scored(number: int, theme: int, total: float) -> Scored:
    candidate = Candidate(number, "article", theme)
    return Scored(candidate, [Part.STAGE], [total])
