"""A member's own page: her week, what to read and why, the list to do, what is new; and quiet after the stop."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from community.articles.models import StageNote, StageTask
from community.core import clock, stages
from community.core.db import db, unit_of_work
from community.items.models import Item
from community.members.models import Member
from community.profiles import actions as profiles
from community.profiles.models import Child, TaskDone
from community.profiles.queries import children_of
from community.sites.models import SITES
from tests import makers

HOME = "/en/home"
WEEK_24 = (-119, -92)  # weeks 23 to 26


@pytest.fixture
def sanne(app: Any) -> Any:
    """A member of the English site, 24 weeks pregnant, who agreed to personalisation."""
    member = makers.member("Sanne", site="en", consents=("personalisation",))
    makers.pregnancy(member, 112)
    return member


@pytest.fixture
def as_sanne(sanne: Any, browser_of: Callable[[Any], Any]) -> Any:
    """Sanne's browser."""
    return browser_of(sanne)


def article(title: str, **fields: Any) -> Any:
    return makers.article(title, site="en", **fields)


def note(day: int, headline: str) -> None:
    with unit_of_work():
        db.session.add(
            StageNote(site=SITES["en"], stage_from=day, stage_to=day + 6, headline=headline, body="A few lines.")
        )


def task(key: str, first: int = -140, last: int = -80) -> None:
    with unit_of_work():
        db.session.add(
            StageTask(site=SITES["en"], key=key, title=f"Do {key}", hint="Soon", stage_from=first, stage_to=last)
        )


def stop(member: Any) -> None:
    with unit_of_work():
        found = db.session.get_one(Member, member.id)
        profiles.stop(found, [child for child in children_of(found) if child.is_pregnancy])


def told(of: Any, **fields: Any) -> Child:
    with unit_of_work():
        child = Child(member_id=of.id, created_at=clock.now(), **fields)
        db.session.add(child)
    return child


def words(page: Any) -> str:
    return " ".join(page.css_first("main").text(separator=" ").split())


def titles(page: Any) -> list[str]:
    return [heading.text().strip() for heading in page.css("[aria-labelledby=for-you] .item-card__title")]


def test_a_visitor_is_asked_to_sign_in(visitor: Any) -> None:
    for answer in (visitor.get(HOME), visitor.post(f"{HOME}/tasks"), visitor.post(f"{HOME}/not-now")):
        assert answer.status_code in (302, 400)
    assert visitor.get(HOME).location == "/sign-in?next=/en/home"


def test_112_days_to_go_is_24_weeks_with_items_and_reasons(as_sanne: Any) -> None:
    article("Hearing", stage=WEEK_24)
    article("Teething", stage=(120, 240))
    note(-112, "Your baby can hear you talk.")
    page = as_sanne.see(HOME)
    assert page.css_first("h1").text().split("\n")[0].strip().endswith("24 weeks")
    assert "112 days to go" in words(page)
    assert "Your baby can hear you talk." in words(page)
    assert titles(page) == ["Hearing"]
    assert "You are in week 24; this is about weeks 23 to 26." in words(page)
    now = page.css_first(".tape__step--now a")
    assert now.attributes["href"] == "/en/pregnancy/24"
    assert page.css_first(".tape__step--now .mark").attributes["class"] == "mark mark--d0"
    assert "Something changed in your pregnancy?" in words(page)


def test_three_days_later_the_mark_has_moved(as_sanne: Any) -> None:
    clock.move_by(timedelta(days=3))
    page = as_sanne.see(HOME)
    assert "24 weeks and 3 days" in words(page)
    assert page.css_first(".tape__step--now .mark").attributes["class"] == "mark mark--d3"


def test_two_articles_on_sleep_change_home_and_it_says_why(as_sanne: Any, run_jobs: Callable[[], int]) -> None:
    for number in range(8):
        article(f"Week {number}", theme=f"Theme {number % 4}", stage=WEEK_24)
    read = [article(f"Night {number}", theme="Sleep").path for number in range(2)]
    article("Naps", theme="Sleep")
    before = titles(as_sanne.see(HOME))
    for path in read:
        as_sanne.see(path)
    run_jobs()
    page = as_sanne.see(HOME)
    assert "Naps" not in before
    assert "Naps" in titles(page)
    assert "You read 2 articles about sleep this month." in words(page)


def test_nothing_is_kept_of_the_reading_of_who_agreed_to_nothing(
    as_bob: Any, bob: Any, run_jobs: Callable[[], int]
) -> None:
    path = makers.article("Night", theme="Sleep").path
    makers.article("Naps", theme="Sleep")
    as_bob.see(path)
    run_jobs()
    page = as_bob.see("/nl/home")
    assert set(titles(page)) == {"Night", "Naps"}
    assert db.session.execute(db.text("select count(*) from reads")).scalar() == 0


def test_after_the_stop_no_week_no_tape_and_no_ranged_item_also_after_sixty_days(as_sanne: Any, sanne: Any) -> None:
    article("Hearing", stage=WEEK_24)
    article("Newborn days", stage=(-10, 60))
    article("A walk")
    note(-112, "Your baby can hear you talk.")
    task("bag")
    stop(sanne)
    for jump in (0, 60, 120):
        clock.move_by(timedelta(days=jump))
        for path in (HOME, "/en/"):
            page = as_sanne.see(path)
            text = page.css_first("body").text().lower()
            assert page.css(".tape") == []
            assert "a walk" in text
            for word in ("week", "hearing", "newborn", "your baby", "do bag", "days to go"):
                assert word not in text, (path, jump, word)


def test_after_the_stop_the_second_child_still_has_a_page(as_sanne: Any, sanne: Any) -> None:
    makers.child(sanne, days_old=400)
    article("Hearing", stage=WEEK_24)
    article("First steps", stage=(300, 700))
    stop(sanne)
    for jump, age in ((0, "13 months"), (60, "15 months")):
        clock.move_by(timedelta(days=jump))
        page = as_sanne.see(HOME)
        assert age in page.css_first("h1").text()
        assert titles(page) == ["First steps"]
        assert "week" not in words(page)


def test_each_child_has_a_page_and_contents_are_not_mixed(as_sanne: Any, sanne: Any) -> None:
    child = makers.child(sanne, days_old=400).id
    article("Hearing", stage=WEEK_24)
    article("First steps", stage=(300, 700))
    first = as_sanne.see(HOME)
    assert [link.text().strip() for link in first.css(".chips a")] == ["Pregnancy, week 24", "13 months"]
    assert titles(first) == ["Hearing"]
    second = as_sanne.see(f"{HOME}?child={child}")
    assert titles(second) == ["First steps"]
    assert second.css_first(".chips [aria-current]").text().strip() == "13 months"


def test_twins_come_once(browser_of: Callable[[Any], Any]) -> None:
    member = makers.member("Tess", site="en")
    for _ in range(2):
        makers.child(member, days_old=100)
    article("Rolling", stage=(80, 200))
    page = browser_of(member).see(HOME)
    assert "Twins of 3 months" in page.css_first("h1").text()
    assert page.css(".chips") == []
    assert "Your children are 3 months old;" in words(page)


def test_a_child_born_early_is_counted_from_the_due_date(browser_of: Callable[[Any], Any]) -> None:
    member = makers.member("Tess", site="en")
    makers.child(member, days_old=147, weeks_early=8)
    assert "Counted from the due date: 13 weeks." in words(browser_of(member).see(HOME))


def test_a_child_that_is_here_before_its_due_date_is_in_no_week(browser_of: Callable[[Any], Any]) -> None:
    member = makers.member("Tess", site="en")
    makers.child(member, days_old=10, weeks_early=10)
    article("Week 32", stage=stages.days_of_week(32))
    article("First days", stage=(0, 14))
    note(-60, "A week of pregnancy")
    page = browser_of(member).see(HOME)
    assert titles(page) == ["First days"]
    assert "A week of pregnancy" not in words(page)


def test_past_the_date_the_page_asks_once_the_baby_may_have_come(browser_of: Callable[[Any], Any]) -> None:
    member = makers.member("Tess", site="en")
    child = told(member, kind="pregnancy", due_on=clock.today() - timedelta(days=3))
    browser = browser_of(member)
    page = browser.see(HOME)
    assert "3 days past the date" in words(page)
    assert f'href="/account/children/{child.id}/born"' in page.html
    assert 'href="/account/changed"' in page.html
    clock.move_by(timedelta(days=30))
    later = browser.see(HOME)
    assert "Has your baby come?" in words(later)
    assert later.css(".tape") == []
    assert "weeks" not in later.css_first("h1").text()


def test_who_told_nothing_is_asked_and_not_now_is_remembered(browser_of: Callable[[Any], Any]) -> None:
    browser = browser_of(makers.member("Tess", site="en"))
    page = browser.see(HOME)
    assert "Are you expecting, or do you have children?" in words(page)
    for kind in ("pregnancy", "child"):
        assert f'href="/account/children?kind={kind}"' in page.html
        chosen = browser.see(f"/account/children?kind={kind}").css_first("input[name=kind][checked]")
        assert chosen.attributes["value"] == kind
    for _ in range(2):
        assert browser.post(f"{HOME}/not-now", data=hidden(browser.see("/en/home"))).status_code == 303
    page = browser.see(HOME)
    assert "Are you expecting" not in words(page)
    assert "Tell of a due date or a child" in words(page)


def test_ticks_are_kept_in_the_profile_and_can_be_taken_back(as_sanne: Any, sanne: Any) -> None:
    for key in ("class", "care", "later"):
        task(key, *((0, 30) if key == "later" else (-140, -80)))
    assert as_sanne.send(f"{HOME}/tasks", {"t": ["class", "later", "nonsense"]}, page=HOME).status_code == 303
    assert [row.task_key for row in db.session.query(TaskDone)] == ["class"]
    page = as_sanne.see(HOME)
    assert [box.attributes["value"] for box in page.css("input[name=t][checked]")] == ["class"]
    as_sanne.send(f"{HOME}/tasks", {"t": ["care"]}, page=HOME)
    db.session.rollback()
    assert [row.task_key for row in db.session.query(TaskDone)] == ["care"]


def test_ticks_of_another_childs_list_stay(as_sanne: Any, sanne: Any) -> None:
    child = makers.child(sanne, days_old=400).id
    task("class")
    task("shoes", 300, 700)
    as_sanne.send(f"{HOME}/tasks", {"t": ["class"]}, page=HOME)
    answer = as_sanne.send(f"{HOME}/tasks", {"t": ["shoes"]}, page=f"{HOME}?child={child}")
    assert answer.location == f"{HOME}?child={child}"
    assert {row.task_key for row in db.session.query(TaskDone)} == {"class", "shoes"}


def test_a_form_without_its_token_changes_nothing(as_sanne: Any) -> None:
    task("class")
    assert as_sanne.post(f"{HOME}/tasks", data={"t": "class"}).status_code == 400
    assert db.session.query(TaskDone).count() == 0


def test_answers_and_articles_since_the_last_visit(as_sanne: Any, sanne: Any) -> None:
    read, old = article("Night"), article("Old")
    asked = makers.comment(read, sanne)
    clock.move_by(timedelta(hours=1))
    assert "Since your last visit" in words(as_sanne.see(HOME))
    clock.move_by(timedelta(days=3))
    makers.comment(read, makers.member("Fenna", site="en"), "Me too", parent=asked)
    article("Brand new")
    article("Brand new for later", stage=(300, 400))
    for _ in range(2):
        news = as_sanne.see(HOME).css_first("[aria-labelledby=since]").text()
        assert "Fenna answered you" in news
        assert "Brand new" in news
        assert "later" not in news
        assert old.title not in news


def test_a_visit_ends_after_half_an_hour(as_sanne: Any, sanne: Any) -> None:
    def visits() -> tuple[Any, Any]:
        db.session.rollback()
        member = db.session.get_one(Member, sanne.id)
        return member.visited_before_at, member.last_seen_at

    _before, first = visits()
    clock.move_by(timedelta(minutes=20))
    as_sanne.see(HOME)
    assert visits() == (None, first)
    clock.move_by(timedelta(minutes=20))
    as_sanne.see("/en/articles/")
    before, last = visits()
    assert (before, last > first) == (first, True)


def test_not_this_one_takes_an_item_off_the_page(as_sanne: Any) -> None:
    item = article("Hearing", stage=WEEK_24)
    article("Moving", stage=WEEK_24)
    as_sanne.send("/account/interests", {"action": f"not-this:{item.key}"}, page=HOME)
    assert titles(as_sanne.see(HOME)) == ["Moving"]


def test_the_greeting_follows_the_hour_of_the_site(as_sanne: Any) -> None:
    start = clock.now().replace(hour=0, minute=0)
    greetings = []
    for hour in (2, 8, 13, 20):
        clock.move_by(start + timedelta(hours=hour) - clock.now())
        greetings.append(as_sanne.see(HOME).css_first("h1").text().split(",")[0].strip())
    assert greetings == ["Good evening", "Good morning", "Good afternoon", "Good evening"]


@pytest.mark.parametrize("asked", ["x", "-1", "0", "99999999999999999999"])
def test_a_child_that_is_none_is_not_found(as_sanne: Any, asked: str) -> None:
    assert as_sanne.get(f"{HOME}?child={asked}").status_code == 404


def test_another_members_child_is_never_shown(as_sanne: Any) -> None:
    other = makers.child(makers.member("Tess", site="en"), days_old=400).id
    assert "24 weeks" in words(as_sanne.see(f"{HOME}?child={other}"))


def test_the_page_is_for_its_member_alone(as_sanne: Any) -> None:
    assert as_sanne.get(HOME).headers["Cache-Control"] == "private, no-store"


def test_a_name_is_text(browser_of: Callable[[Any], Any]) -> None:
    member = makers.member("Tess", site="en")
    with unit_of_work():
        db.session.get_one(Member, member.id).name = "<b>Tess</b>"
    assert "&lt;b&gt;Tess" in browser_of(member).get(HOME).text


def test_statements_do_not_grow_with_the_rows(
    as_sanne: Any, sanne: Any, statements: Callable[[Callable[[], Any]], list[str]], run_jobs: Callable[[], int]
) -> None:
    makers.child(sanne, days_old=400)
    counts = []
    for rows in (5, 50):
        for number in range(rows):
            item = article(f"{rows} {number}", theme=f"Theme {number % 5}", stage=WEEK_24 if number % 2 else None)
            task(f"{rows}-{number}")
        makers.read(item, sanne)
        asked = makers.comment(item, sanne)
        clock.move_by(timedelta(hours=1))
        for number in range(rows // 5):
            makers.comment(item, makers.member(site="en"), parent=asked)
            article(f"New {rows} {number}")
        run_jobs()
        as_sanne.see(HOME)
        counts.append(len(statements(lambda: as_sanne.see(HOME))))
    assert counts[0] == counts[1] <= 14  # two of them keep what was shown, after the answer


def test_items_of_other_sites_stay_out(as_sanne: Any) -> None:
    makers.article("Nederlands", stage=WEEK_24)
    article("English", stage=WEEK_24)
    assert titles(as_sanne.see(HOME)) == ["English"]
    assert db.session.query(Item).count() == 2


def hidden(page: Any) -> dict[str, str]:
    token = page.css_first("input[name=csrf_token]")
    return {"csrf_token": token.attributes["value"]}
