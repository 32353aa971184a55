"""Reads of the search."""

from community.search.queries.desk import (
    FEWEST,
    MOST_REPORTED,
    item_at,
    most_asked,
    promotion,
    promotion_by_id,
    promotions_of,
    searches,
    synonym_by_id,
    synonyms_of,
)
from community.search.queries.indexed import (
    changes_after,
    count_of_everything,
    documents_of,
    everything,
    newest_change,
    note_of,
    oldest_change,
    written_by,
)
from community.search.queries.shown import named, offered_items, promoted, question_of, still_shown

__all__ = [
    "FEWEST",
    "MOST_REPORTED",
    "changes_after",
    "count_of_everything",
    "documents_of",
    "everything",
    "item_at",
    "most_asked",
    "named",
    "newest_change",
    "note_of",
    "offered_items",
    "oldest_change",
    "promoted",
    "promotion",
    "promotion_by_id",
    "promotions_of",
    "question_of",
    "searches",
    "still_shown",
    "synonym_by_id",
    "synonyms_of",
    "written_by",
]
