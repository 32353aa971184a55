"""Articles: from every stage, some much read and most a little."""

from random import Random
from typing import Any

from community.articles.models import Article
from community.core.stages import PREGNANCY_DAYS
from community.core.text import reading_minutes, slug_of
from community.items.models import Item, State, item_tags
from community.simulation import queries, texts
from community.simulation.actions.store import Store
from community.simulation.texts import Pool, say
from community.simulation.world import DAY, SPAN, Thread, Town, at, moment

FOR_ALL, QUIET = 0.15, 0.01
OLDEST_CHILD = 900


def publish(store: Store, chance: Random, town: Town, pool: Pool, count: int, until: int) -> None:
    """So many articles of a site, the oldest first."""
    themes, pictures = queries.themes(town.site), [None, *queries.pictures()]
    for begun in sorted(moment(chance, until - SPAN, until - DAY) for _ in range(count)):
        stage_from, stage_to = _stages(chance)
        thread = Thread(store.number(Item), "article", begun, None, None, [], stage_from, stage_to)
        thread.theme_id = chance.choice(themes)
        text = texts.article(chance, pool)
        title, summary = (say(chance, town.site.language, name) for name in ("article", "summary"))
        row = _item(thread, town, title, summary)
        row |= {"picture_id": chance.choice(pictures), "minutes": reading_minutes(text.html)}
        row |= {"is_quiet": chance.random() < QUIET, "author_name": chance.choice(("Marit", "Jonas", "Elif"))}
        store.add(Item, **row)
        store.add(Article, id=thread.id, body=text.body, body_html=text.html)
        store.add(item_tags, item_id=thread.id, tag_id=thread.theme_id)
        town.articles.append(thread)
        store.settle(2_000)
    store.settle()


def _item(thread: Thread, town: Town, title: str, summary: str) -> dict[str, Any]:
    slug = f"{slug_of(title)}-{thread.id}"
    return {
        "id": thread.id,
        "kind": thread.kind,
        "site": town.site,
        "title": title,
        "summary": summary,
        "slug": slug,
        "path": f"{town.site.path}articles/{slug}",
        "state": State.LIVE,
        "theme_id": thread.theme_id,
        "stage_from": thread.stage_from,
        "stage_to": thread.stage_to,
        "created_at": at(thread.begun - DAY),
        "published_at": at(thread.begun),
        "changed_at": at(thread.begun),
        "active_at": at(thread.begun),
    }


def _stages(chance: Random) -> tuple[int | None, int | None]:
    """Half is about pregnancy, half about the years after it; a range of weeks or months."""
    if chance.random() < FOR_ALL:
        return None, None
    if chance.random() < 0.5:
        first = chance.randrange(28, PREGNANCY_DAYS - 28, 7) - PREGNANCY_DAYS
        return first, min(-1, first + 7 * chance.randint(2, 12) - 1)
    first = int(OLDEST_CHILD * chance.random() ** 1.5)
    return first, first + chance.randint(30, 240)
