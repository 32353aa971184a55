"""Forms of a word, compounds, mistakes, what editors teach, and what is narrowed: on either engine."""

from datetime import timedelta

import pytest

from community.core import clock
from community.core.db import db, unit_of_work
from community.search import actions, desk
from community.search.models import SearchCount
from community.sites.models import SITES
from tests import makers
from tests.readers import touchpoints_of


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("zwangerschapsvergiftiging", "zwangerschap vergiftiging"),
        ("vergiftiging in de zwangerschap", "zwangerschapsvergiftiging"),
        ("kinderopvangtoeslag", "toeslag voor kinderopvang"),
        ("toeslag voor opvang van kinderen", "kinderopvangtoeslag"),
        ("slaapregressie", "slaap regressie"),
        ("flesjes", "fles"),
        ("de baby spuugt", "spugen"),
        ("toeslagen", "toeslag"),
        ("gekropen", "kruipen"),
        ("afbreken", "afgebroken"),
        ("consumentenprijsindex", "consumenten prijs index"),
        ("crème brûlée", "creme brulee"),
    ],
)
def test_a_word_is_found_in_another_form(visitor, look, written, asked):
    makers.article("Iets anders", body="Over heel andere dingen.")
    found = makers.article("Dit hier", body=f"Hier staat {written} met nog wat.")
    assert look(visitor, asked).paths == [found.path]


def test_a_word_with_two_mistakes_is_found_under_the_right_one(visitor, look):
    found = makers.article("Slaapregressie", body="Met vier maanden.")
    seen = look(visitor, "slaapreggresie")
    assert seen.paths == [found.path]
    assert "slaapregressie" in seen.page.css_first(".ask__instead").text()


def test_the_beginning_of_a_title_is_enough(visitor, look):
    found = makers.article("Slaapregressie", body="Met vier maanden.")
    assert look(visitor, "slaapreg").paths == [found.path]
    assert "Slaapregressie" in visitor.get("/nl/search/begun?q=slaapr").text


def test_no_title_that_somebody_may_not_see_goes_on_with_what_they_type(visitor, as_anna, look, anna, bob):
    club = makers.club(members=[anna, bob])
    makers.topic(makers.board(club=club), bob, "Zwanenzang in onze club")
    actions.follow()
    assert "Zwanenzang" in as_anna.get("/nl/search/begun?q=zwan").text
    assert "Zwanenzang" not in visitor.get("/nl/search/begun?q=zwan").text
    assert "Zwanenzang" not in visitor.get("/nl/forums/similar?title=zwanenzang").text


def test_words_that_only_ask_do_not_count_in_a_long_question(visitor, look):
    found = makers.article("Koorts na de prik", body="Meten en wachten.")
    makers.article("Weten hoe het moet", body="Iemand heeft graag tips en ervaring.")
    asked = "weet iemand hoe lang koorts na een prik normaal is"
    assert look(visitor, asked).paths[0] == found.path


def test_editors_teach_words_for_the_same_and_it_is_audited(as_editor, visitor, look):
    found = makers.article("Pre-eclampsie", body="Laat je bloeddruk meten.")
    assert look(visitor, "zwangerschapsvergiftiging").paths == []
    fields = {"site": "nl", "words": "pre-eclampsie, zwangerschapsvergiftiging"}
    assert as_editor.send("/studio/search/synonyms", fields, page="/studio/search/").status_code == 303
    assert look(visitor, "zwangerschapsvergiftiging").paths == [found.path]
    row = desk.queries.synonyms_of(SITES["nl"])[0]
    assert as_editor.send(f"/studio/search/synonyms/{row.id}/forget", page="/studio/search/").status_code == 303
    assert look(visitor, "zwangerschapsvergiftiging").paths == []


def test_what_editors_put_first_is_shown_first_and_only_to_who_may_see_it(as_editor, visitor, look):
    chosen = makers.article("Onze gids", body="Alles.")
    makers.article("Kolfgids", body="Kolven.")
    fields = {"at_site": "nl", "asked": "kolfgids", "path": chosen.path}
    assert as_editor.send("/studio/search/promotions", fields, page="/studio/search/").status_code == 303
    assert chosen.title in look(visitor, "kolfgids").text
    wrong = as_editor.send("/studio/search/promotions", {**fields, "path": "/nl/nowhere"}, page="/studio/search/")
    assert wrong.status_code == 422


def test_the_desk_is_for_editors_of_the_site_alone(visitor, as_bob, as_editor, as_moderator):
    assert as_editor.see("/studio/search/")
    assert as_bob.get("/studio/search/").status_code == 403
    assert as_moderator.get("/studio/search/").status_code == 403
    assert visitor.get("/studio/search/").status_code in (302, 303)
    assert as_bob.post("/studio/search/synonyms", data={"csrf_token": as_bob.token()}).status_code == 403


def test_what_is_not_found_is_counted_of_nobody_and_told_to_editors(app, as_bob, as_editor, bob, look):
    makers.article("Iets", body="Anders.")
    for _time in range(2):
        look(as_bob, "kweepeer")
    assert [(row.words, row.asked_count, row.empty_count) for row in db.session.query(SearchCount)] == [
        ("kweepeer", 2, 2)
    ]
    assert touchpoints_of(bob.id) == []
    assert "kweepeer" in as_editor.see("/studio/search/").text()


def test_searches_of_one_moment_are_counted_together(app):
    today = clock.now().date()
    asked = [("nl", "bad", 0), ("nl", "bad", 1), ("en", "bad", 0), ("nl", "bad", 0)]
    rows = [{"site": SITES[site], "day": today, "words": words, "empty_count": empty} for site, words, empty in asked]
    for _time in range(2):
        with unit_of_work():
            desk.count_searches(rows)
    counted = {(row.site.code, row.words): (row.asked_count, row.empty_count) for row in db.session.query(SearchCount)}
    assert counted == {("nl", "bad"): (6, 2), ("en", "bad"): (2, 0)}


def test_counts_older_than_ninety_days_go(app):
    old = clock.now().date() - timedelta(days=91)
    with unit_of_work():
        desk.count_searches([{"site": SITES["nl"], "day": old, "words": "oud", "empty_count": 0}])
    with unit_of_work():
        desk.forget_counts(clock.now().date())
    assert db.session.query(SearchCount).count() == 0


def test_an_answer_is_narrowed_by_board_and_date_with_counts(visitor, look, bob):
    one, other = makers.board("Nachten"), makers.board("Dagen")
    first = makers.topic(one, bob, "Slapen in de nacht", "Slapen.")
    makers.topic(other, bob, "Slapen overdag", "Slapen.")
    seen = look(visitor, "slapen")
    choice = seen.page.css_first(f"#ask-board option[value='{one.id}']")
    assert choice.text() == f"{one.title} (1)"
    assert look(visitor, "slapen", board=one.id).paths == [first.path]
    assert len(look(visitor, "slapen", since="month").paths) == 2
    look(visitor, "slapen", since="ever", status=404)


def test_what_fits_the_readers_weeks_comes_first_unless_they_leave_that_out(visitor, as_anna, look, anna):
    makers.pregnancy(anna, days_to_go=112)
    plain = makers.article("Slapen", body="Slapen.")
    fits = makers.article("Slapen dan", stage=(-119, -106), body="Slapen. Nog wat.")
    assert look(as_anna, "slapen").paths == [fits.path, plain.path]
    assert look(as_anna, "slapen").page.css_matches("main p a[href$='near=off']")
    assert not look(as_anna, "slapen", near="off").page.css_matches("main p a[href$='near=off']")
