"""Eight pictures of one member's home, from week 20 until her child is five weeks old and has a sister of two, on the
demonstration: `python -m docs.make_film [folder]`."""

import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path

from playwright.sync_api import Browser, ViewportSize, sync_playwright

from community.app import create_app
from community.core import clock
from community.core.db import unit_of_work
from community.members.queries import member_by_email
from community.profiles import actions as profiles
from community.profiles.models import ChildKind
from community.profiles.queries import children_of
from community.touchpoints.actions import project
from tests import chromium
from tests.running import Running, sign_ins_of

PHONE = ViewportSize(width=390, height=1600)
BEGIN, BORN, SISTER = -140, 2, 730  # days from the due date; the sister's age on the first day
DAYS = (-140, -112, -84, -56, -28, -7, 9, 37)


def main(film: Path) -> None:
    """A fresh site for all days; on each of them she reads what she is offered first."""
    film.mkdir(parents=True, exist_ok=True)
    begin = clock.today()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        site = Running(folder)
        site.flask("db", "upgrade")
        site.flask("demo", "load")
        email, password = sign_ins_of(folder)["english member"]
        due = begin - timedelta(days=BEGIN)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium.installed(), args=chromium.FLAGS)
            for number, day in enumerate(DAYS):
                today = due + timedelta(days=day)
                tell(folder, email, due, today, begin - timedelta(days=SISTER))
                take(browser, folder, (email, password), today, film / f"{number + 1}-day{day:+d}.png")


def tell(folder: Path, email: str, due: date, today: date, sister_born: date) -> None:
    """What she has told of her children by this day; and what she read on the last one is taken up."""
    app = create_app(DATA_DIR=str(folder), TODAY=today.isoformat())
    with app.app_context(), unit_of_work():
        member = member_by_email(email)
        assert member is not None
        for child in children_of(member):
            profiles.remove_child(child)
        born = due + timedelta(days=BORN)
        if today < born:
            profiles.add_child(member, ChildKind.PREGNANCY, due, None)
        else:
            profiles.add_child(member, ChildKind.CHILD, None, born, 0)
        profiles.add_child(member, ChildKind.CHILD, None, sister_born, 0)
        member.personalisation = True
    with app.app_context():
        project()


def take(browser: Browser, folder: Path, sign_in: tuple[str, str], today: date, picture: Path) -> None:
    """Her home on a phone; then she reads the first of what it offers."""
    site = Running(folder, COMMUNITY_TODAY=today.isoformat())
    try:
        site.start("serve")
        site.await_answer(60)
        context = browser.new_context(base_url=site.base, viewport=PHONE, locale="en-GB", reduced_motion="reduce")
        page = context.new_page()
        chromium.come_in(page, *sign_in)
        page.goto("/en/home")
        page.wait_for_load_state("networkidle")
        page.screenshot(path=picture)
        page.click("[aria-labelledby=for-you] .item-card__title a")
        page.wait_for_timeout(3_000)
        context.close()
        sys.stdout.write(f"{picture}\n")
    finally:
        site.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/screenshots/film"))
