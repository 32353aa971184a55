"""The pictures of the README and the guides, made of a fresh site with its demonstration: `make screenshots`."""

import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from tests import chromium
from tests.running import Running, secrets_of, sign_ins_of

FOLDER = Path(__file__).parent / "screenshots"
DESK, PHONE = (1280, 900), (390, 844)
GUIDES = (
    ("parents-home", PHONE, "english member", "/en/home"),
    ("parents-talk", PHONE, "english member", "/en/forums/"),
    ("parents-known", DESK, "english member", "/account/"),
    ("parents-product", PHONE, "english member", "/en/products/half-moon-pillow"),
    ("parents-chat", PHONE, "english member", "/en/chat/club-2027-06"),
    ("editors-work", DESK, "english editor", "/studio/"),
    ("editors-article", DESK, "english editor", "/studio/articles/new"),
    ("editors-calendar", PHONE, "english editor", "/studio/calendar"),
    ("moderators-queue", DESK, "english moderator", "/moderation/"),
    ("moderators-phone", PHONE, "english moderator", "/moderation/"),
    ("moderators-log", DESK, "english moderator", "/moderation/log"),
    ("marketers-insights", DESK, "marketer", "/marketing/insights?site=en"),
    ("marketers-member", DESK, "marketer", "/marketing/members/27?site=en"),
    ("marketers-segment", DESK, "marketer", "/marketing/segments/4/edit?site=en"),
    ("service-case", DESK, "service", "/service/cases/1?site=en"),
)


def main() -> None:
    """Start the site, walk through it, keep the pictures."""
    (FOLDER / "guides").mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        site = Running(Path(folder))
        try:
            site.flask("db", "upgrade")
            site.flask("demo", "load")
            site.start("serve")
            site.start("worker")
            site.await_answer(60)
            secrets = secrets_of(Path(folder))
            sign_ins = {
                role: (address, password, secrets.get(address, ""))
                for role, (address, password) in sign_ins_of(Path(folder)).items()
            }
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=chromium.installed(), args=chromium.FLAGS)
                take_all(browser, site.base, sign_ins)
        finally:
            site.stop()


def take_all(browser: Browser, base: str, sign_ins: dict[str, tuple[str, str, str]]) -> None:
    """One picture for each page and theme that the README shows, one for each page of the guides."""
    for scheme in ("light", "dark"):
        take(browser, base, "/en/", f"front-{scheme}", scheme)
        take(browser, base, "/en/articles/sleeping-on-your-side", f"article-{scheme}", scheme)
        take(browser, base, "/nl/home", f"home-{scheme}", scheme, sign_ins["member"])
        take(browser, base, "/nl/home", f"home-phone-{scheme}", scheme, sign_ins["member"], PHONE)
        take(browser, base, "/studio/articles/new", f"studio-{scheme}", scheme, sign_ins["editor"])
    for name, size, role, path in GUIDES:
        take(browser, base, path, f"guides/{name}", "light", sign_ins[role], size)
    beside("home-light", "home-phone-dark", "home")
    for part in ("home-light", "home-phone-light", "home-phone-dark"):
        (FOLDER / f"{part}.png").unlink()


def take(
    browser: Browser,
    base: str,
    path: str,
    name: str,
    scheme: str,
    sign_in: tuple[str, str, str] | None = None,
    size: tuple[int, int] = DESK,
) -> None:
    """The first screen of a page, as a visitor or signed in."""
    context = browser.new_context(
        base_url=base,
        viewport={"width": size[0], "height": size[1]},
        color_scheme=scheme,  # type: ignore[arg-type]
        locale="en-GB",
        reduced_motion="reduce",
    )
    context.add_cookies([{"name": "consent", "value": "n", "url": base}])
    page = context.new_page()
    if sign_in:
        chromium.come_in(page, *sign_in)
    page.goto(path)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=FOLDER / f"{name}.png")
    context.close()
    keep(Image.open(FOLDER / f"{name}.png"), name)
    sys.stdout.write(f"{name}.png\n")


def keep(picture: Image.Image, name: str) -> None:
    """Store it with 128 colours: small, and nobody sees the difference."""
    picture.convert("RGB").quantize(128).save(FOLDER / f"{name}.png", optimize=True)


def beside(left: str, right: str, name: str) -> None:
    """Two pictures as one."""
    one, other = (Image.open(FOLDER / f"{part}.png").convert("RGB") for part in (left, right))
    other = other.resize((round(other.width * one.height / other.height), one.height))
    both = Image.new("RGB", (one.width + 24 + other.width, one.height), "#DFEEE4")
    both.paste(one, (0, 0))
    both.paste(other, (one.width + 24, 0))
    keep(both, name)


if __name__ == "__main__":
    main()
