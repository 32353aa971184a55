"""Brings reviews in, some a commit, and safe to do again: what did not change is not touched.

No import makes a review verified: an order line of a member alone does. A product that nobody knows is made with
its name alone."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import structlog

from community.core import clock
from community.core.db import db, unit_of_work
from community.core.generation import changed
from community.core.imports import Memory, Report
from community.core.text import excerpt, to_safe_html
from community.items.models import State
from community.reviews.actions.reviews import Opinion, count_again, new_review, title_without_words
from community.reviews.files import ToldReview, read
from community.reviews.models import Review
from community.reviews.queries import importing as queries
from community.shop.actions.bare import bare_product
from community.shop.models import Product
from community.shop.queries.importing import taken_slugs
from community.sites.models import Site

BATCH = 200
NO_STARS = "It has no stars from 1 to 5."
NO_PRODUCT = "It does not say which product it is about."
REMOVED_HERE = "It was removed here, and is not brought back."
log = structlog.get_logger()


@dataclass
class ReviewImport:
    """One file on its way into one site."""

    path: Path
    site: Site
    is_dry: bool = False
    progress: Callable[[int, int], None] = lambda _done, _total: None

    def run(self) -> Report:
        """Read, store, and tell; `Unreadable` where the file holds nothing that can be read."""
        file = read(self.path)
        self.report = Report()
        self.report.found["reviews"] = len(file.reviews)
        self.memory = Memory(self.site.code, file.source)
        self._look_at_products()
        for start in range(0, len(file.reviews), BATCH):
            self._take(file.reviews[start : start + BATCH])
            self.progress(min(start + BATCH, len(file.reviews)), len(file.reviews))
        if self.made:
            why = f"{len(self.made)} products were not known here; each was made with its name alone."
            self.report.name(1, "products", why)
        return self.report

    def _look_at_products(self) -> None:
        self.by_title, self.by_sku = queries.products_by_title(self.site), queries.products_by_sku(self.site)
        self.slugs = taken_slugs(self.site)
        self.made: dict[str, int] = {}

    def _take(self, batch: list[ToldReview]) -> None:
        judged = [(told, self._judged(told)) for told in batch]
        news = [told for told, outcome in judged if outcome in ("created", "updated")]
        if news and not self.is_dry:
            with unit_of_work():
                lost = [told for told in news if not self._is_stored(told)]
                changed(self.site.code)
            judged = [each for each in judged if each[0] not in lost]
        for _told, outcome in judged:
            self.report.count("reviews", outcome)

    def _judged(self, told: ToldReview) -> str:
        why = told.why_not or (NO_STARS if told.stars is None else "") or ("" if told.product else NO_PRODUCT)
        known = self.memory.of("reviews", told.key)
        if not why and known is not None:
            if known.digest == told.digest:
                return "unchanged"
            if queries.imported_review(known.thing_id) is not None:
                return "updated"
            why = REMOVED_HERE
        if why:
            self.report.name(told.line, f"review of {told.title_of_product}"[:120], why)
        return "skipped" if why else "created"

    def _is_stored(self, told: ToldReview) -> bool:
        """Store one review; one that fails is undone alone."""
        try:
            with db.session.begin_nested():
                self._store(told)
        except Exception as error:
            log.warning("review not stored", line=told.line, error=type(error).__name__)
            why = f"It could not be stored ({type(error).__name__})."
            self.report.name(told.line, f"review of {told.title_of_product}"[:120], why)
            self.report.count("reviews", "skipped")
            return False
        return True

    def _store(self, told: ToldReview) -> None:
        known = self.memory.of("reviews", told.key)
        review = queries.imported_review(known.thing_id) if known else None
        if review is None:
            review = self._new(told)
        else:
            _say(review, told)
            review.edited_at = clock.now()
        count_again(review)
        self.memory.keep("reviews", told.key, told.digest, review.id)

    def _new(self, told: ToldReview) -> Review:
        review = new_review(self._product(told), Opinion(told.stars or 0, told.title, told.body))
        review.author_name = told.author_name
        review.created_at = review.published_at = review.active_at = told.at or clock.now()
        review.state = State.LIVE
        return review

    def _product(self, told: ToldReview) -> Product:
        known = self.memory.of("products", told.product[:200])
        title = told.title_of_product[:200]
        product_id = (known and known.thing_id) or self.by_sku.get(told.sku) or self.by_title.get(title)
        product = queries.product_by_id(product_id or self.made.get(told.product))
        if product is None:
            product = bare_product(self.site, title, self.slugs)
            self.made[told.product] = product.id
            self.memory.keep("products", told.product[:200], "", product.id)
        return product


def _say(review: Review, told: ToldReview) -> None:
    review.stars, review.title = told.stars or 0, told.title or title_without_words(review.product)
    review.body, review.body_html = told.body, to_safe_html(told.body)
    review.summary = excerpt(review.body_html)
