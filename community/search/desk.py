"""What editors teach the search of their sites, and what they learn of it."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete

from community.core import audit
from community.core.db import db, insert_into
from community.core.memory import Memory
from community.core.refused import Refused
from community.items.models import State, Visibility
from community.members.models import Member
from community.search import queries
from community.search.documents import Synonyms
from community.search.models import Promotion, SearchCount, Synonym
from community.search.wording import telling
from community.sites.models import SITES, Site

SECONDS = 30  # until every process knows what an editor changed
KEPT_DAYS = 90
AGAIN = timedelta(minutes=2)  # who looks for something else so soon did not find it


@dataclass(frozen=True)
class Taught:
    """What the editors of a site say: ways to say the same, and items that come first for some words."""

    synonyms: Synonyms
    promoted: dict[str, tuple[int, ...]]


_taught: Memory[Taught] = Memory(seconds=SECONDS, most=100)


def taught(site: Site) -> Taught:
    """What the search of a site was taught, at most half a minute ago."""
    return _taught.of(site.code, lambda: _read(site))


def said_as(words: str, language: str) -> str:
    """Words as promotions and counts know them: those that tell something, in the order of the alphabet."""
    return " ".join(sorted(telling(words, language)))[:100]


def teach_synonyms(site: Site, words: str, editor: Member) -> Synonym:
    """Let these ways to say something be found as one."""
    row = Synonym(site=site, words=words)
    if len(row.sayings) < 2:
        raise Refused(_("Type at least two ways to say it, with a comma between them."), "words")
    db.session.add(row)
    db.session.flush()
    audit.keep("synonyms.taught", f"synonym:{row.id}", editor.id, site=site.code)
    _taught.forget()
    return row


def forget_synonyms(row: Synonym, editor: Member) -> None:
    """Find them apart again."""
    audit.keep("synonyms.forgotten", f"synonym:{row.id}", editor.id, site=row.site.code)
    db.session.delete(row)
    _taught.forget()


def promote(site: Site, words: str, path: str, editor: Member) -> Promotion:
    """Put the item at an address first for some words."""
    item = queries.item_at(site, path)
    if item is None or item.state != State.LIVE or item.visibility != Visibility.PUBLIC:
        raise Refused(_("Nothing that everybody can read stands at this address."), "path")
    known = said_as(words, site.language)
    if queries.promotion(site, known, item) is not None:
        raise Refused(_("It comes first for these words already."), "asked")
    row = Promotion(site=site, words=known, item=item)
    db.session.add(row)
    db.session.flush()
    audit.keep("search.promoted", f"promotion:{row.id}", editor.id, site=site.code, item=item.id)
    _taught.forget()
    return row


def end_promotion(row: Promotion, editor: Member) -> None:
    """Let it stand where its words put it."""
    audit.keep("search.promotion_ended", f"promotion:{row.id}", editor.id, site=row.site.code)
    db.session.delete(row)
    _taught.forget()


def count_searches(rows: list[dict[str, Any]]) -> None:
    """Add to the counts of these days and words, each once for all who asked."""
    asked: Counter[tuple[str, date, str]] = Counter()
    empty: Counter[tuple[str, date, str]] = Counter()
    for row in rows:
        key = row["site"].code, row["day"], row["words"]
        asked[key] += 1
        empty[key] += row["empty_count"]
    first = insert_into(SearchCount)
    more = {name: getattr(SearchCount, name) + first.excluded[name] for name in ("asked_count", "empty_count")}
    counts = [
        {"site": SITES[site], "day": day, "words": words, "asked_count": count, "empty_count": empty[site, day, words]}
        for (site, day, words), count in sorted(asked.items())  # in one order, or two processes could lock each other
    ]
    db.session.execute(first.on_conflict_do_update(index_elements=["site", "day", "words"], set_=more), counts)


def forget_counts(today: date) -> None:
    """Counts that are too old to tell anything go."""
    db.session.execute(delete(SearchCount).where(SearchCount.day < today - timedelta(days=KEPT_DAYS)))


def reworded(site: Site, since: datetime) -> list[tuple[str, str, int]]:
    """Words that people looked for, the words that they tried right after, and how many did; most first."""
    pairs = {
        (before.person, said_as(before.words, site.language), said_as(after.words, site.language))
        for before, after in pairwise(queries.searches(site, since))
        if before.person == after.person and after.at - before.at <= AGAIN
    }
    counted = Counter((one, other) for _person, one, other in pairs if one and other and one != other)
    return [(*words, count) for words, count in counted.most_common(queries.MOST_REPORTED) if count >= queries.FEWEST]


def _read(site: Site) -> Taught:
    promoted: dict[str, tuple[int, ...]] = {}
    for row in queries.promotions_of(site):
        promoted[row.words] = (*promoted.get(row.words, ()), row.item_id)
    return Taught(tuple(row.sayings for row in queries.synonyms_of(site)), promoted)
