"""Every setting, with its default and its meaning. `COMMUNITY_<NAME>` in the environment wins over the
default, and an argument of `create_app` wins over both. No other module reads the environment."""

import fcntl
import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[2]

DEFAULTS: dict[str, str] = {
    "DATA_DIR": "data",  # database, pictures, caches and the secret key; relative to the project
    "DATABASE_URL": "",  # empty: SQLite in the data folder; postgresql+psycopg://… when a site outgrows it
    "BASE_URL": "",  # the address in links and mails; empty: http://127.0.0.1:PORT
    "LIVE_URL": "",  # the address of the streams; empty: as BASE_URL, on one machine at PORT + 1
    "MAIL_URL": "",  # smtp://user:password@host:port, smtps:// for TLS; empty: mails stay in /admin/outbox
    "MAIL_FROM": "Community <hello@community.example>",  # the sender of all mails
    "REDIS_URL": "",  # redis://host:6379/0 for several machines; empty: files, and the database for limits
    "MEDIA_URL": "",  # s3://key:secret@bucket/prefix?endpoint=https://…, or a folder; empty: media in the data folder
    "SECRET_KEY": "",  # the same for all machines; empty: made at the first start and kept in the data folder
    "TODAY": "",  # moves the date (2026-12-24); time runs on from there; limits keep the real clock
    "LIMITS": "on",  # off for load tests; accepted only with a loopback base address
    "LOG_LEVEL": "INFO",  # DEBUG, INFO, WARNING or ERROR
    "SECOND_STEP": "staff",  # who must give a code beside the password: staff, or (choice) whoever switched it on
    "METRICS_TOKEN": "",  # a monitor on another machine sends it to /metrics as its bearer token; empty: none may
    "SEARCH": "whoosh",  # the engine of the index: whoosh, or tantivy (the extra `tantivy`) for more than 20,000 things
    "TRUSTED_PROXIES": "0",  # how many proxies in front set X-Forwarded-For and -Proto
}

LOOPBACK = ("127.0.0.1", "localhost", "::1")


class WrongSetting(Exception):
    """A setting that cannot be used; the text says which and why."""


def load(**overrides: Any) -> dict[str, Any]:
    """All settings as one dictionary, names without the prefix, ready for Flask's configuration."""
    values: dict[str, Any] = {
        name: os.environ.get(f"COMMUNITY_{name}") or default for name, default in DEFAULTS.items()
    }
    values |= overrides
    port = os.environ.get("PORT", "8000")
    values["DATA_DIR"] = folder = (ROOT / values["DATA_DIR"]).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    values["BASE_URL"] = (values["BASE_URL"] or f"http://127.0.0.1:{port}").rstrip("/")
    values["DATABASE_URL"] = values["DATABASE_URL"] or f"sqlite:///{folder / 'community.db'}"
    values["MEDIA_URL"] = values["MEDIA_URL"] or str(folder / "media")
    values["SECRET_KEY"] = values["SECRET_KEY"] or _kept_secret(folder / "secret-key")
    host = urlsplit(values["BASE_URL"]).hostname or ""
    values["IS_LOOPBACK"] = host in LOOPBACK or host.startswith("127.")
    values["LIVE_PORT"] = int(port) + 1
    values["LIVE_URL"] = (values["LIVE_URL"] or _streams_of(values)).rstrip("/")
    if values["LIMITS"] == "off" and not values["IS_LOOPBACK"]:
        raise WrongSetting("COMMUNITY_LIMITS=off is for load tests on a loopback address only.")
    if values["SECOND_STEP"] not in ("staff", "choice"):
        raise WrongSetting("COMMUNITY_SECOND_STEP is staff or choice.")
    if values["SEARCH"] not in ("whoosh", "tantivy"):
        raise WrongSetting("COMMUNITY_SEARCH is whoosh or tantivy.")
    return values


def surround(**more: str) -> None:
    """Put this into the environment, for libraries and processes that look there."""
    os.environ.update(more)


def _streams_of(values: dict[str, Any]) -> str:
    """Where the streams are: on one's own machine at the next port, else a proxy leads `/live/` there."""
    base: str = values["BASE_URL"]
    return f"http://{urlsplit(base).hostname}:{values['LIVE_PORT']}" if values["IS_LOOPBACK"] else base


def _kept_secret(path: Path) -> str:
    """The secret of this data folder, made once, readable by its owner alone."""
    with os.fdopen(os.open(path, os.O_CREAT | os.O_RDWR, 0o600), "r+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # processes that start together make one
        kept = file.read().strip()
        if not kept:
            kept = secrets.token_urlsafe(48)
            file.write(kept)
    return kept
