"""Every page of every role: accessible, nothing too wide at 320 px, under its weight, no foreign host."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlparse

import axe_playwright_python
import pytest
from playwright.sync_api import Page

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
HEAVIEST = 60_000  # bytes over the wire, without photographs
VISITOR = [
    "/en/", "/nl/", "/en/articles/", "/nl/themes/slaap", "/en/pregnancy/", "/en/pregnancy/24", "/nl/child/5",
    "/nl/forums/", "/en/forums/sleep/", "/en/forums/sleep/start", "/en/clubs/",
    "/en/rules", "/nl/privacy", "/en/consent", "/register", "/sign-in", "/reset", "/en/nowhere",
]  # fmt: skip
MEMBER = [
    "/nl/home", "/nl/", "/account/", "/account/profile", "/account/children", "/account/interests", "/account/notices",
    "/account/following", "/account/notices/weekly", "/account/decisions/", "/nl/forums/", "/nl/forums/?show=new",
    "/nl/forums/slapen/", "/nl/forums/slapen/start", "/nl/clubs/", "/report/member/1",
    "/account/privacy", "/account/security", "/account/security/second-step", "/account/export", "/account/delete",
    "/account/changed",
]  # fmt: skip
STAFF = {
    "editor": ["/studio/", "/studio/articles/new", "/studio/calendar"],
    "moderator": [
        "/moderation/",
        "/moderation/log",
        "/moderation/words",
        "/moderation/members/20",
        "/nl/forums/slapen/",
    ],
    "marketer": [
        "/marketing/",
        "/marketing/insights",
        "/marketing/segments/",
        "/marketing/segments/new?of=nl",
        "/marketing/quality",
        "/marketing/referrals",
    ],
    "service": ["/service/"],
    "admin": ["/admin/", "/admin/members", "/admin/jobs", "/admin/outbox"],
}


def problems_of(page: Page, path: str) -> list[str]:
    """What is wrong with a page, in words."""
    weights: list[int] = []
    hosts: set[str] = set()

    def weigh(response) -> None:  # type: ignore[no-untyped-def]
        hosts.add(urlparse(response.url).netloc)
        if not urlparse(response.url).path.startswith("/media/"):
            weights.append(int(response.headers.get("content-length") or 0))

    page.on("response", weigh)
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(path)
    page.remove_listener("response", weigh)
    found = []
    if page.evaluate("document.documentElement.scrollWidth") > 320:
        found.append(f"{page.evaluate('document.documentElement.scrollWidth')} px wide at 320")
    if hosts - {urlparse(page.url).netloc, ""}:
        found.append(f"calls {hosts}")
    if sum(weights) > HEAVIEST:
        found.append(f"{sum(weights)} bytes")
    if page.locator("h1").count() != 1:
        found.append(f"{page.locator('h1').count()} h1")
    page.evaluate(AXE)
    options = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
    for violation in page.evaluate("options => axe.run(document, options)", options)["violations"]:
        where = [node["target"][-1] for node in violation["nodes"]][:3]
        found.append(f"{violation['id']} at {where}")
    return [f"{path}: {problem}" for problem in found]


def first_topic(page: Page, board: str) -> str:
    """The topic that stands first on a board."""
    page.goto(board)
    return str(page.locator("main a[href*='/forums/topics/']").first.get_attribute("href"))


def test_pages_of_a_visitor(open_page: Callable[..., Page]) -> None:
    page = open_page(bypass_csp=True)
    page.goto("/en/articles/")
    article = str(page.locator("main .item-card a").first.get_attribute("href"))
    topic = first_topic(page, "/en/forums/sleep/")
    assert [p for path in [*VISITOR, article, topic, f"{topic}/reply"] for p in problems_of(page, path)] == []


def test_pages_of_a_member(signed_in: Callable[..., Page]) -> None:
    page = signed_in("member", bypass_csp=True)
    topic = first_topic(page, "/nl/forums/slapen/")
    page.goto("/nl/clubs/")
    club = str(page.locator("main a[href^='/nl/clubs/2']").first.get_attribute("href"))
    assert [p for path in [*MEMBER, topic, club] for p in problems_of(page, path)] == []


@pytest.mark.parametrize("role", STAFF)
def test_pages_of_staff(signed_in: Callable[..., Page], role: str) -> None:
    page = signed_in(role, bypass_csp=True)
    assert [p for path in STAFF[role] for p in problems_of(page, path)] == []


@pytest.mark.parametrize(
    ("role", "paths"),
    [
        ("marketer", ["/marketing/", "/marketing/quality"]),
        ("moderator", ["/moderation/log"]),
        ("editor", ["/studio/"]),
        ("admin", ["/admin/members", "/admin/jobs", "/admin/outbox"]),
    ],
)
def test_lists_of_staff_fit_a_phone(signed_in: Callable[..., Page], role: str, paths: list[str]) -> None:
    page = signed_in(role)
    for path in paths:
        page.goto(path)
        for table in page.locator(".table--stack").all():
            assert table.evaluate("table => table.scrollWidth <= table.parentElement.clientWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_both_themes_keep_their_contrast(open_page: Callable[..., Page], scheme: str) -> None:
    page = open_page(bypass_csp=True)
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    assert problems_of(page, "/en/") == []
