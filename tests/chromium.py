"""Finds or brings a browser for the tests: Playwright's own, else the distribution's Chromium."""

import os
import shutil
import subprocess
import sys

from playwright.sync_api import Page

from tests.running import next_code

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NAMES = ("chromium", "chromium-browser", "google-chrome")


def installed() -> str | None:
    """The path of a browser of the distribution."""
    return os.environ.get("CHROMIUM") or next((path for name in NAMES if (path := shutil.which(name))), None)


def come_in(page: Page, address: str, password: str, secret: str = "") -> None:
    """Sign in as a reader does; staff with the code of their app."""
    page.goto("/sign-in")
    page.fill("[name=email]", address)
    page.fill("[name=password]", password)
    page.press("[name=password]", "Enter")
    if secret:
        page.fill("[name=code]", next_code(secret))
        page.press("[name=code]", "Enter")
    page.wait_for_url(lambda url: "/sign-in" not in url)


def bring() -> str:
    """Install a browser where there is none; a sentence on how that went."""
    if installed():
        return f"Browser: {installed()}"
    if _succeeds([sys.executable, "-m", "playwright", "install", "chromium"], seconds=300):
        return "Browser: Playwright's own Chromium"
    elevate = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if shutil.which("apt-get"):
        _succeeds([*elevate, "apt-get", "update", "-qq"], seconds=300)
        _succeeds([*elevate, "apt-get", "install", "-y", "-qq", "chromium", "fonts-roboto"], seconds=600)
    if installed():
        return f"Browser: {installed()}"
    return "No browser could be installed, so the browser tests are skipped: install Chromium and run again."


def _succeeds(command: list[str], seconds: int) -> bool:
    try:
        return subprocess.run(command, capture_output=True, timeout=seconds, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


if __name__ == "__main__":
    sys.stdout.write(bring() + "\n")
