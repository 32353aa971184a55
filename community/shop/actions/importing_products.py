"""Brings a catalogue in, some products a commit, and safe to do again: what did not change is not touched.

A product that fails is named, and the others go on. A dry run judges alone."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import structlog

from community.core.db import db, unit_of_work
from community.core.generation import changed
from community.core.imports import Memory, Report
from community.core.refused import Refused
from community.media.imported import Fetch, load_picture, picture_key
from community.shop.actions.importing_relations import relate
from community.shop.actions.shelf import Judged, Shelf
from community.shop.files.catalogue import ToldProduct
from community.shop.files.reading import catalogue_of
from community.shop.queries import importing as queries
from community.sites.models import Site

BATCH = 50
MOST_NAMED = 10  # pictures that one problem spells out
log = structlog.get_logger()


@dataclass
class ProductImport:
    """One file on its way into one site. `fetch` loads pictures; without it they are only named."""

    path: Path
    site: Site
    fetch: Fetch | None = None
    is_dry: bool = False
    progress: Callable[[int, int], None] = lambda _done, _total: None

    def run(self) -> Report:
        """Read, store, and tell; `Unreadable` where the file holds nothing that can be read."""
        self.catalogue = catalogue_of(self.path)
        self.report = Report(is_broken=self.catalogue.is_broken)
        products = list(self.catalogue.products.values())
        self.report.found.update(products=len(products), variants=sum(len(each.variants) for each in products))
        self._name_lost()
        self.memory = Memory(self.site.code, self.catalogue.source)
        self.shelf = Shelf(self.site, self.memory)
        self._take_pictures(products)
        waiting, done = iter(products), 0
        while batch := list(islice(waiting, BATCH)):
            self._take(batch)
            done += len(batch)
            self.progress(done, len(products))
        relate(products, self.site, self.catalogue.source, self.report, self.is_dry)
        self.report.problems.sort(key=lambda problem: int(problem.where.removeprefix("line ")))
        return self.report

    def _name_lost(self) -> None:
        for remark in self.catalogue.remarks:
            self.report.name(remark.line, remark.what, remark.why)
            if remark.kind:
                self.report.found[remark.kind] += 1
                self.report.count(remark.kind, "skipped")

    def _take_pictures(self, products: list[ToldProduct]) -> None:
        """Those that earlier runs loaded, and the others where that was asked for."""
        held = queries.held_pictures(self.site, self.catalogue.source)
        for product in products:
            missing = {}
            for address, alt in product.pictures.items():
                picture, why = held.get(picture_key(address)), ""
                if picture is None and self.fetch and not self.is_dry:
                    picture, why = load_picture(address, alt or product.title, self.fetch, self.memory)
                if picture is None:
                    missing[address] = why
                else:
                    self.shelf.pictures[address] = held[picture_key(address)] = picture
            self._name_missing(product, missing)

    def _name_missing(self, product: ToldProduct, missing: dict[str, str]) -> None:
        if missing:
            named = ", ".join(f"{address} {why}".strip() for address, why in islice(missing.items(), MOST_NAMED))
            more = " …" if len(missing) > MOST_NAMED else ""
            why = f"Pictures are named, not loaded ({len(missing)}): {named}{more}"
            self.report.name(product.line, f"product {product.title}", why)

    def _take(self, batch: list[ToldProduct]) -> None:
        """What takes time is done before the commit, so that readers and writers hardly wait."""
        judged = [each for told in batch if (each := self._judged(told))]
        news = [each for each in judged if each.outcome != "unchanged"]
        if news and not self.is_dry:
            with unit_of_work():
                lost = [each for each in news if not self._is_stored(each)]
                changed(self.site.code)
            judged = [each for each in judged if each not in lost]
        for each in judged:
            self._count(each.outcome, each.variants)

    def _judged(self, told: ToldProduct) -> Judged | None:
        try:
            return self.shelf.judge(told)
        except Refused as refused:
            self._skip(told, refused.why)
        except Exception as error:
            log.warning("product not read", line=told.line, error=type(error).__name__)
            self._skip(told, f"It cannot be read ({type(error).__name__}).")
        return None

    def _is_stored(self, judged: Judged) -> bool:
        """Store one product; one that fails is undone alone."""
        try:
            with db.session.begin_nested():
                self.shelf.store(judged)
        except Exception as error:
            log.warning("product not stored", line=judged.told.line, error=type(error).__name__)
            self._skip(judged.told, f"It could not be stored ({type(error).__name__}).")
            return False
        return True

    def _skip(self, told: ToldProduct, why: str) -> None:
        self.report.name(told.line, f"product {told.title}", why)
        self._count("skipped", ["skipped" for _ in told.variants])

    def _count(self, outcome: str, variants: list[str]) -> None:
        self.report.count("products", outcome)
        for each in variants:
            self.report.count("variants", each)
