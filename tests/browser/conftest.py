"""A real browser before the real site: pages, worker, a mail server, and the demonstration community."""

import email
import re
import time
from collections.abc import Callable, Iterator
from email.message import Message
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests import chromium
from tests.running import Running, free_port, secrets_of, sign_ins_of

PHONE = {"width": 390, "height": 844}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All tests of this folder drive a browser."""
    for item in items:
        if "tests/browser" in str(item.path):
            item.add_marker(pytest.mark.browser)


class Postbox:
    """A real SMTP server; finds the link in the newest mail to an address."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, Message]] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        self.mails.append((envelope.rcpt_tos[0], email.message_from_bytes(envelope.content)))
        return "250 OK"

    def link(self, address: str, part: str) -> str:
        """The path of the first link that holds `part`, waiting for the mail to come."""
        give_up = time.monotonic() + 60
        while time.monotonic() < give_up:
            for to, mail in reversed(self.mails):
                text = "".join(
                    p.get_payload(decode=True).decode()  # type: ignore[union-attr]
                    for p in mail.walk()
                    if p.get_content_type() == "text/plain"
                )
                found = re.search(rf"https?://[^/\s]+(\S*{part}\S*)", text)
                if to == address and found:
                    return found[1]
            time.sleep(0.1)
        raise AssertionError(f"no mail to {address} with a link to {part}")


@pytest.fixture(scope="session")
def postbox() -> Iterator[Postbox]:
    """The mail server of all browser tests."""
    box = Postbox()
    box.port = free_port()  # type: ignore[attr-defined]
    controller = Controller(box, hostname="127.0.0.1", port=box.port)  # type: ignore[attr-defined]
    controller.start()
    yield box
    controller.stop()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, postbox: Postbox) -> Iterator[Running]:
    """The site with its demonstration community, as `make run` starts it."""
    folder = tmp_path_factory.mktemp("site")
    mail_url = f"smtp://127.0.0.1:{postbox.port}"  # type: ignore[attr-defined]
    running = Running(folder, COMMUNITY_MAIL_URL=mail_url)
    running.folder = folder  # type: ignore[attr-defined]
    running.flask("db", "upgrade")
    running.flask("demo", "load")
    running.start("serve")
    running.start("worker")
    running.await_answer(60)
    yield running
    running.stop()


@pytest.fixture(scope="session")
def sign_ins(site: Running) -> dict[str, tuple[str, str]]:
    """Role -> (e-mail, password) of the demonstration's members."""
    return sign_ins_of(Path(site.folder))  # type: ignore[attr-defined]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium; without one the test is skipped with a sentence."""
    with sync_playwright() as playwright:
        path = chromium.installed()
        try:
            found = playwright.chromium.launch(executable_path=path, args=chromium.FLAGS)
        except Exception as error:
            pytest.skip(f"no browser could be started: {str(error).splitlines()[0]}")
        yield found
        found.close()


def is_mistake(said: Any) -> bool:
    """A console error, other than a page that a test knows to answer 4xx."""
    return said.type == "error" and "status of 4" not in said.text


@pytest.fixture
def open_page(browser: Browser, site: Running) -> Iterator[Callable[..., Page]]:
    """Open a phone's page: `open_page(javascript=False, locale="nl-NL")`. Console errors fail the test."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def opened(javascript: bool = True, locale: str = "en-GB", width: int = 390, bypass_csp: bool = False) -> Page:
        context = browser.new_context(
            base_url=site.base,
            viewport={**PHONE, "width": width},  # type: ignore[arg-type]
            java_script_enabled=javascript,
            locale=locale,
            reduced_motion="reduce",
            bypass_csp=bypass_csp,
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.on(
            "console", lambda m: errors.append(m.text) if m.type == "error" and "status of 4" not in m.text else None
        )
        page.on("pageerror", lambda error: errors.append(str(error)))
        return page

    yield opened
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture
def signed_in(
    open_page: Callable[..., Page], sign_ins: dict[str, tuple[str, str]], site: Running
) -> Callable[..., Page]:
    """Open a page signed in as a role of the demonstration; staff with the code of their app."""

    def opened(role: str, **more: Any) -> Page:
        page = open_page(**more)
        address, password = sign_ins[role]
        secrets = secrets_of(Path(site.folder))  # type: ignore[attr-defined]
        chromium.come_in(page, address, password, secrets.get(address, ""))
        return page

    return opened
