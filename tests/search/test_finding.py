"""What is found, by which words, and how it is shown."""

import pytest

from community.core.limits import limiter
from community.search import actions
from community.touchpoints.models import Verb
from tests import makers
from tests.readers import touchpoints_of


def test_everything_that_is_public_is_found_by_one_box(visitor, look, bob):
    article = makers.article("Slapen in de zomer", body="Zo blijft de kamer koel.")
    comment = makers.comment(article, bob, "Bij ons hielp een ventilator tegen de warmte.")
    topic = makers.topic(makers.board("Nachten"), bob, "Wie slaapt er nog?", "Onze baby wil niet slapen.")
    assert set(look(visitor, "slapen").paths) == {article.path, topic.path}
    assert look(visitor, "ventilator").paths == [comment.path]
    assert visitor.see(comment.path)


def test_a_word_is_found_in_its_other_forms_without_accents_and_in_either_case(visitor, look):
    makers.article("De kinderen en hun flesjes", body="Het idee van één zwangerschap.")
    for words in ("kind", "FLES", "flessen", "ideeën", "een zwangerschappen", "Idee"):
        assert look(visitor, words).titles == ["De kinderen en hun flesjes"], words


def test_each_language_has_its_own_stems(visitor, look):
    makers.article("Sleeping babies", site="en", body="They slept.")
    actions.follow()
    assert "<mark>babies</mark>" in visitor.get("/en/search?q=baby").text
    assert look(visitor, "babies").titles == []


def test_a_title_weighs_more_than_a_text(visitor, look):
    makers.article("Over van alles", body="Koorts. " + "Nog iets anders over de dagen. " * 3)
    makers.article("Koorts", body="Nog iets anders over de dagen. " * 3)
    assert look(visitor, "koorts").titles == ["Koorts", "Over van alles"]


def test_what_was_written_to_be_looked_up_comes_before_what_was_said_about_it(visitor, look, bob):
    article = makers.article("Slapen", body="Over de nacht, en hoe je baby slaapt. " * 20)
    comment = makers.comment(article, bob, "Wij slapen goed.")
    assert look(visitor, "slapen").paths == [article.path, comment.path]


def test_an_article_is_found_by_its_tags_and_they_are_not_shown(visitor, look):
    found = makers.article("Huilen als jij de kamer uit gaat", body="Rond acht maanden.", tags=["scheidingsangst"])
    seen = look(visitor, "scheidingsangst")
    assert seen.paths == [found.path]
    assert seen.marked == []


def test_all_of_the_words_count_and_some_of_them_where_nothing_holds_all(visitor, look):
    makers.article("Koorts bij een baby", body="Meten.")
    makers.article("Een baby in bad", body="Warm water.")
    assert look(visitor, "baby koorts").titles == ["Koorts bij een baby"]
    loose = look(visitor, "koorts bad vliegtuig")
    assert set(loose.titles) == {"Koorts bij een baby", "Een baby in bad"}
    assert "Nergens staan al deze woorden" in loose.text


def test_what_was_looked_for_is_marked_around_the_place_where_it_stands(visitor, look):
    before = "Hier staat van alles en nog wat. " * 40
    makers.article("Verhaal", body=f"Een begin. {before} De **neusjes** zijn koud.")
    seen = look(visitor, "neus")
    assert seen.marked == ["neusjes"]
    assert "*" not in seen.text
    assert len(seen.page.css_first(".hit__words").text()) < 260


def test_kinds_are_counted_and_choose(visitor, look, bob):
    makers.article("Slapen", body="Rust.")
    topic = makers.topic(makers.board("Nachten"), bob, "Niet slapen", "Help.")
    makers.reply(topic, bob, "Wij slapen ook niet.")
    seen = look(visitor, "slapen")
    assert [chip.split()[-1] for chip in seen.chips] == ["(3)", "(1)", "(1)", "(1)"]
    assert look(visitor, "slapen", kind="topic").titles == ["Niet slapen"]
    look(visitor, "slapen", kind="secret", status=404)


def test_a_week_chooses_what_is_for_it(visitor, look):
    makers.article("Voor week 20", stage=(-140, -134), body="Echo.")
    makers.article("Voor altijd", body="Echo.")
    assert look(visitor, "echo", week=20).titles == ["Voor week 20"]
    assert look(visitor, "echo", week=21).titles == []
    look(visitor, "echo", week=3, status=404)


def test_a_word_that_nobody_wrote_leads_to_the_nearest_that_somebody_did(visitor, look):
    makers.article("Borstvoeding geven", body="Rustig aan.")
    seen = look(visitor, "borstvoedng")
    assert seen.titles == ["Borstvoeding geven"]
    told = seen.page.css_first(".ask__instead")
    assert [each in told.text() for each in ("borstvoeding", "borstvoedng")] == [True, True]
    assert look(visitor, "borstvoedng", exact=1).titles == []


def test_without_a_result_there_is_help(visitor, as_anna, look, anna):
    makers.pregnancy(anna, days_to_go=112)
    fits = makers.article("Voor week 24", stage=(-119, -106))
    seen = look(as_anna, "qwertyuiop")
    assert fits.title in seen.text
    assert "/nl/forums/" in [link.attributes["href"] for link in seen.page.css("main a")]
    assert "/nl/forums/" in [link.attributes["href"] for link in look(visitor, "qwertyuiop").page.css("main a")]


def test_twenty_stand_on_a_page_and_no_more_than_a_hundred_are_considered(visitor, look):
    for number in range(23):
        makers.article(f"Slaap {number}", body="Nacht.")
    assert len(look(visitor, "nacht").titles) == 20
    assert len(look(visitor, "nacht", page=2).titles) == 3
    look(visitor, "nacht", page=6, status=404)


def test_a_search_costs_the_same_statements_at_five_and_at_fifty_things(as_bob, statements, anna):
    counts = []
    look_once = as_bob.get("/nl/search?q=melk")  # what editors taught is read once in a while
    assert look_once.status_code == 200
    for many in (5, 45):
        for number in range(many):
            makers.comment(makers.article(f"Melk {many} {number}"), anna, "Ook over melk.")
        actions.follow()
        counts.append(len(statements(lambda: as_bob.get("/nl/search?q=melk"))))
    assert counts[0] == counts[1] <= 7


@pytest.mark.parametrize(
    "words", ['"', "a AND (", "*", "title:x", "~", "%_", "\u202e", "a" * 400, "x " * 90, "<script>"]
)
def test_no_words_are_an_error(visitor, look, words):
    makers.article("Slapen")
    look(visitor, words)


def test_what_is_typed_is_shown_as_text(visitor, look):
    assert "<script>x" not in look(visitor, "<script>x</script>").page.html


def test_a_search_is_recorded_with_consent_alone(as_anna, as_bob, anna, bob, look):
    makers.article("Slapen")
    look(as_anna, "  slapen \n nu ")
    look(as_bob, "slapen")
    told = [(t.verb, t.facts) for t in touchpoints_of(anna.id) if t.verb == Verb.SEARCH_MADE]
    assert told == [(Verb.SEARCH_MADE, {"words": "slapen nu", "count": 1})]
    assert [t for t in touchpoints_of(bob.id) if t.verb == Verb.SEARCH_MADE] == []


def test_the_page_is_for_readers_and_not_for_search_engines(visitor, look):
    robots = look(visitor, "").page.css_first("meta[name=robots]")
    assert robots.attributes["content"] == "noindex"
    assert visitor.see("/nl/").css_first("form[role=search]").attributes["action"] == "/nl/search"


def test_a_guest_searches_fifteen_times_a_minute_and_a_member_more(app, visitor, as_anna):
    limiter.begin({"REDIS_URL": "", "LIMITS": "on"})
    try:
        seen = [visitor.get("/nl/search?q=slapen").status_code for _time in range(16)]
        assert seen == [200] * 15 + [429]
        assert {as_anna.get("/nl/search?q=slapen").status_code for _time in range(16)} == {200}
        assert visitor.get("/nl/search").status_code == 200
    finally:
        limiter.begin(app.config)
