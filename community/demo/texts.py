"""The texts of the demonstration as they stand in `content/`, in the order in which they are loaded."""

import tomllib
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

CONTENT = Path(__file__).parent / "content"
LANGUAGES = ("en", "nl")
FENCE = "+++\n"
BETWEEN_COMMENTS = timedelta(minutes=7)
Entry = dict[str, Any]


def themes() -> list[Entry]:
    """The themes of each site."""
    return [
        {"key": theme["key"], "position": theme["position"], "language": language, **theme[language]}
        for theme in _read("themes.toml")["theme"]
        for language in LANGUAGES
    ]


def people() -> list[Entry]:
    """Everybody, staff first."""
    return _read("people.toml")["person"]


def notes() -> list[Entry]:
    """What the calendar says of each week and month."""
    return _of_each_language("calendar.toml", "note")


def tasks() -> list[Entry]:
    """Things to do."""
    return _of_each_language("tasks.toml", "task")


def articles() -> list[Entry]:
    """Where each article stands; it is read with `article_at`, so that one broken file stops no other."""
    return [
        {"key": path.stem, "language": language, "path": path}
        for language in LANGUAGES
        for path in sorted((CONTENT / language / "articles").glob("*.md"))
    ]


def article_at(path: Path) -> Entry:
    """One article: what stands between the fences, and its Markdown as `body`."""
    _before, head, body = path.read_text(encoding="utf-8").split(FENCE, 2)
    return {**tomllib.loads(head), "body": body.strip()}


def comments() -> list[Entry]:
    """Comments, the oldest first; on one day in the order of the file. `ago` is their distance from now."""
    found = _read("comments.toml")["comment"]
    for number, comment in enumerate(found):
        comment["ago"] = timedelta(days=comment["days_ago"]) + BETWEEN_COMMENTS * (len(found) - number)
    return sorted(found, key=lambda comment: -comment["days_ago"])


def readers() -> list[Entry]:
    """Who read what: for each person articles with days ago, seconds and share, the oldest first."""
    return [
        {"key": reading["person"], "reads": sorted(reading["articles"], key=lambda read: -read[1])}
        for reading in _read("readings.toml")["reading"]
    ]


def boards() -> list[Entry]:
    """The boards of each site."""
    return [
        {**board, **board[language], "language": language}
        for board in _read("boards.toml")["board"]
        for language in LANGUAGES
    ]


def topics() -> list[Entry]:
    """Conversations, the one that began first first; `from` and `to` are days ago."""
    return sorted(_of_each_language("talk.toml", "topic"), key=lambda topic: -topic["from"])


def reports() -> list[Entry]:
    """What somebody found that should not stand, the oldest first."""
    return sorted(_read("reports.toml")["report"], key=lambda report: -report["days_ago"])


def stories() -> list[Entry]:
    """Stories of members' blogs, the oldest first."""
    return sorted(_read("blogs.toml")["story"], key=lambda story: -story["days_ago"])


def cases() -> list[Entry]:
    """What members asked the service, the oldest first."""
    return sorted(_read("cases.toml")["case"], key=lambda case: -case["days_ago"])


def ambassadors() -> list[Entry]:
    """Who takes part in the programme, the first who joined first."""
    return sorted(_read("ambassadors.toml")["ambassador"], key=lambda ambassador: ambassador["since"])


def evenings() -> list[Entry]:
    """Evenings in the chat, the oldest first."""
    return sorted(_of_each_language("chat.toml", "evening"), key=lambda evening: -evening["days_ago"])


def segments() -> list[Entry]:
    """The audiences that the marketer keeps."""
    return list(_read("segments.toml")["segment"])


def synonyms() -> list[Entry]:
    """Ways to say the same."""
    told = _read("synonyms.toml")
    return [{"language": language, "words": words} for language in LANGUAGES for words in told[language]["sayings"]]


def products() -> list[Entry]:
    """The shop's products on each site; the last of the file is the newest."""
    told = _read("products.toml")
    return [
        {
            **product,
            **product[language],
            "language": language,
            "choices": product.get("choices", {}).get(language, []),
            "category": told["categories"][product["category"]][language],
            "days_ago": 10 * (len(told["product"]) - number),
        }
        for number, product in enumerate(told["product"])
        for language in LANGUAGES
    ]


def relations() -> list[Entry]:
    """What goes with what on each site."""
    return [
        {"of": told["of"], "kind": kind, "other": other, "language": language}
        for told in _read("relations.toml")["relation"]
        for kind in ("cross", "deep", "up")
        for other in told.get(kind, [])
        for language in LANGUAGES
    ]


def raw_products() -> list[Entry]:
    """Each of the shop's products once, for all sites."""
    found: list[Entry] = _read("products.toml")["product"]
    return found


def review_words(language: str) -> Entry:
    """The sentences of which reviews are made."""
    return _read(f"{language}/reviews.toml")


def orders() -> list[Entry]:
    """What members bought, the oldest first; an order's number tells who and when."""
    found = [
        {"who": buyer["person"], "key": f"K-{1000 + 40 * place + number}", "days_ago": days, "bought": bought}
        | {"returned": returned[0] if returned else []}
        for place, buyer in enumerate(_read("orders.toml")["buyer"])
        for number, (days, bought, *returned) in enumerate(buyer["orders"], 1)
    ]
    return sorted(found, key=lambda order: -order["days_ago"])


def drawing(name: str) -> bytes:
    """A drawing of ours."""
    return (CONTENT / "pictures" / Path(name).name).read_bytes()


def _of_each_language(name: str, kind: str) -> list[Entry]:
    return [{**entry, "language": language} for language in LANGUAGES for entry in _read(f"{language}/{name}")[kind]]


@cache
def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((CONTENT / name).read_text(encoding="utf-8"))
