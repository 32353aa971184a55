"""What was written here already that is like a title which somebody types."""

from community.items.models import Item
from community.search import desk, queries
from community.search.answers import Reader, ask
from community.sites.models import Site

KINDS = frozenset({"article", "topic", "product"})
CONSIDERED = 20  # of which those are shown that may be offered


def alike(title: str, site: Site, reader: Reader, most: int) -> list[Item]:
    """Articles, conversations and products that hold most of a title's words."""
    synonyms = desk.taught(site).synonyms
    question = queries.question_of(
        site, reader.member, reader.guard,
        words=title, kinds=KINDS, synonyms=synonyms, is_loose=True, most=CONSIDERED,
    )  # fmt: skip
    found = ask(lambda index: index.search(question))
    numbers = [int(key.partition(":")[2]) for key in found.keys] if found else []
    return queries.offered_items(numbers, reader.member, reader.guard)[:most]
