"""The calendar: a page for each week and month, its neighbours, and nothing for who asked us to stop."""

from typing import Any

import pytest

from community.articles.models import StageNote, StageTask
from community.articles.queries import published
from community.core import stages
from community.core.db import db, unit_of_work
from community.core.generation import changed
from community.members.models import Member
from community.profiles import actions as profiles
from community.profiles import queries as profile_queries
from community.sites.models import SITES
from tests import makers
from tests.conftest import Browser

NL = SITES["nl"]


def note(days: tuple[int, int], headline: str, site: str = "nl") -> None:
    with unit_of_work():
        made = StageNote(site=SITES[site], stage_from=days[0], stage_to=days[1], headline=headline, body="More of it.")
        made.source_title, made.source_url = "A good source", "https://www.nhs.uk/week"
        db.session.add(made)
        changed(site)


def task(days: tuple[int, int], title: str, site: str = "nl") -> None:
    with unit_of_work():
        db.session.add(StageTask(site=SITES[site], key=title, title=title, stage_from=days[0], stage_to=days[1]))
        changed(site)


def weeks(first: int, last: int) -> tuple[int, int]:
    return stages.days_of_week(first)[0], stages.days_of_week(last)[1]


def titles(page: Any) -> list[str]:
    return [link.text(strip=True) for link in page.css(".item-card__title a")]


def todo(page: Any) -> list[str]:
    return [words.text() for words in page.css(".tasks b")]


def test_a_week_has_all_that_there_is_for_it(visitor: Browser) -> None:
    note(weeks(24, 24), "Your voice comes through.")
    note(weeks(25, 25), "Not now.")
    task(weeks(24, 27), "Ask about the glucose test")
    task(weeks(30, 32), "Pack a bag")
    makers.article("Whole pregnancy", stage=weeks(4, 42))
    makers.article("Just these weeks", stage=weeks(23, 26))
    makers.article("Later", stage=weeks(30, 36))
    makers.article("Any time")
    page = visitor.see("/nl/pregnancy/24")
    assert "Week 24" in page.css_first("h1").text()
    assert page.css_first(".band__first").text() == "Your voice comes through."
    assert page.css_first('.band a[href="https://www.nhs.uk/week"]').text() == "A good source"
    assert todo(page) == ["Ask about the glucose test"]
    assert titles(page) == ["Just these weeks", "Whole pregnancy"]


def test_the_tape_leads_to_the_neighbours(visitor: Browser) -> None:
    page = visitor.see("/nl/pregnancy/24")
    steps = [link.attributes["href"] for link in page.css(".tape a")]
    assert steps == [f"/nl/pregnancy/{week}" for week in range(19, 30)]
    assert page.css_first(".tape [aria-current]").attributes["href"] == "/nl/pregnancy/24"
    assert len(page.css(".tape__step:not(.only-wide)")) == 5
    assert page.css_first("a[rel=prev]").attributes["href"] == "/nl/pregnancy/23"
    assert page.css_first("a[rel=next]").attributes["href"] == "/nl/pregnancy/25"


@pytest.mark.parametrize(("path", "first", "last"), [("pregnancy", 4, 42), ("child", 0, 36)])
def test_the_tape_ends_where_the_calendar_does(visitor: Browser, path: str, first: int, last: int) -> None:
    for number, missing in ((first, "prev"), (last, "next")):
        page = visitor.see(f"/nl/{path}/{number}")
        assert page.css_first(f"a[rel={missing}]") is None
        assert len(page.css(".tape a")) == 11
        assert len(page.css(".tape__step:not(.only-wide)")) == 5


@pytest.mark.parametrize("path", ["pregnancy/3", "pregnancy/43", "pregnancy/0", "child/37", "child/-1", "child/x"])
def test_a_week_or_month_that_there_is_not_is_not_found(visitor: Browser, path: str) -> None:
    assert visitor.get(f"/nl/{path}").status_code == 404


def test_a_month_is_not_mixed_up_with_late_weeks(visitor: Browser) -> None:
    note(weeks(40, 40), "The date is in this week.")
    note(stages.days_of_month(0), "A week of getting used to each other.")
    task(weeks(38, 42), "Ring when it begins")
    task(stages.days_of_month(0), "Tell the town hall")
    makers.article("Before birth", stage=weeks(36, 42))
    makers.article("After birth", stage=(0, 60))
    week, month = visitor.see("/nl/pregnancy/40"), visitor.see("/nl/child/0")
    assert week.css_first(".band__first").text() == "The date is in this week."
    assert "Ring when it begins" in todo(week)
    assert month.css_first(".band__first").text() == "A week of getting used to each other."
    assert todo(month) == ["Tell the town hall"]
    assert titles(month) == ["After birth"]


def test_all_weeks_and_all_months_stand_on_one_page(visitor: Browser) -> None:
    note(weeks(24, 24), "Your voice comes through.")
    page = visitor.see("/nl/pregnancy/")
    assert [link.attributes["href"] for link in page.css(".steps a")] == [f"/nl/pregnancy/{w}" for w in range(4, 43)]
    assert "Your voice comes through." in page.css_first('.steps a[href="/nl/pregnancy/24"]').text()
    page = visitor.see("/nl/child/")
    assert [link.attributes["href"] for link in page.css(".steps a")] == [f"/nl/child/{m}" for m in range(37)]


def test_a_member_finds_the_own_week(as_anna: Browser, anna: Member, visitor: Browser) -> None:
    makers.pregnancy(anna, days_to_go=112)
    here = as_anna.see("/nl/pregnancy/").css(".steps__step--now")
    assert [link.attributes["href"] for link in here] == ["/nl/pregnancy/24"]
    assert as_anna.see("/nl/pregnancy/24").css_first('.band a[href="/nl/home"]') is not None
    assert visitor.see("/nl/pregnancy/").css(".steps__step--now") == []


def test_another_sites_calendar_is_not_here(visitor: Browser) -> None:
    note(weeks(24, 24), "Only in English.", site="en")
    task(weeks(24, 24), "Only in English", site="en")
    page = visitor.see("/nl/pregnancy/24")
    assert "Only in English" not in page.html
    others = {link.attributes["hreflang"]: link.attributes["href"] for link in page.css("link[hreflang]")}
    assert others["en"] == "http://localhost/en/pregnancy/24"


def test_the_cache_is_told_when_the_calendar_changes(visitor: Browser) -> None:
    assert visitor.see("/nl/pregnancy/24").css_first(".band__first") is None
    note(weeks(24, 24), "New words.")
    assert visitor.see("/nl/pregnancy/24").css_first(".band__first").text() == "New words."


def test_the_one_stop_puts_the_weeks_away(as_anna: Browser, anna: Member) -> None:
    makers.pregnancy(anna)
    makers.child(anna, days_old=400)
    note(weeks(24, 24), "Your voice comes through.")
    makers.article("In week 24", stage=weeks(23, 26))
    makers.article("At a year", stage=(365, 500))
    with unit_of_work():
        asking = db.session.get_one(Member, anna.id)
        profiles.stop(asking, [child for child in profile_queries.children_of(asking) if child.is_pregnancy])
    for path in ("/nl/pregnancy/24", "/nl/pregnancy/"):
        page = as_anna.see(path)
        assert page.css_first(".tape, .steps") is None
        assert "voice" not in page.html
    assert titles(as_anna.see("/nl/child/13")) == ["At a year"]


def test_what_home_asks_of_the_calendar(app: Any) -> None:
    note(weeks(40, 40), "Late week")
    note(stages.days_of_month(0), "First month")
    note(weeks(24, 24), "Week 24")
    task(weeks(38, 42), "Late task")
    task((0, 30), "Baby task")
    in_week_24 = published.note_for(NL, -112)
    newborn = published.note_for(NL, 3)
    assert in_week_24 is not None
    assert newborn is not None
    assert (in_week_24.headline, newborn.headline) == ("Week 24", "First month")
    assert published.note_for(NL, 5_000) is None
    assert [task.title for task in published.tasks_for(NL, -5)] == ["Late task"]
    assert [task.title for task in published.tasks_for(NL, 3)] == ["Baby task"]


def test_what_is_quiet_is_found_but_not_offered(visitor: Browser) -> None:
    makers.article("When a pregnancy ends", theme="Loss", stage=weeks(4, 42), is_quiet=True)
    assert titles(visitor.see("/nl/pregnancy/24")) == []
    assert titles(visitor.see("/nl/themes/loss")) == ["When a pregnancy ends"]
