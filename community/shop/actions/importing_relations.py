"""What a catalogue says of products that go with each other, once all of its products stand here.

What the staff said of two products stays; what an earlier file said, and this one does not, goes."""

from collections.abc import Sequence

from sqlalchemy import delete, tuple_

from community.core.db import db, unit_of_work
from community.core.generation import changed
from community.core.imports import Memory, Report
from community.shop.files.catalogue import ToldProduct
from community.shop.models import ProductRelation
from community.shop.queries import relations as queries
from community.shop.queries.importing import products_by_sku
from community.sites.models import Site

Pairs = dict[tuple[int, int], str]  # (product, other) -> kind


def relate(told: Sequence[ToldProduct], site: Site, source: str, report: Report, is_dry: bool) -> None:
    """Bring in the relations of a file; whom it names and nobody knows is named in the report."""
    telling = [product for product in told if product.relations is not None]
    if not telling:
        return
    known = _numbers_by_name(told, site, source)
    wanted = _wanted(telling, known, report)
    present = queries.relations_from({known[each.key] for each in telling if each.key in known})
    news = {pair: kind for pair, kind in wanted.items() if pair not in present}
    changes = {pair: kind for pair, kind in wanted.items() if pair in present and _is_other(present[pair], kind)}
    gone = [pair for pair, row in present.items() if row.is_from_file and pair not in wanted]
    for outcome, pairs in (("created", news), ("updated", changes)):
        report.outcomes[outcome]["relations"] += len(pairs)
    report.outcomes["unchanged"]["relations"] += len(wanted) - len(news) - len(changes)
    if not is_dry and (news or changes or gone):
        with unit_of_work():
            _store(news | changes, [*gone, *changes])
            changed(site.code)


def _wanted(telling: Sequence[ToldProduct], known: dict[str, int], report: Report) -> Pairs:
    wanted: Pairs = {}
    for product in telling:
        named = [(kind, name) for kind, names in (product.relations or {}).items() for name in names]
        for kind, name in named:
            pair = known.get(product.key), known.get(name.removeprefix("id:"))
            if pair[0] is None or pair[1] is None or pair[0] == pair[1] or pair in wanted:
                report.name(product.line, f"product {product.title}", f"Nothing goes with it by this name: {name[:80]}")
                report.count("relations", "skipped")
            else:
                wanted[pair[0], pair[1]] = kind
        report.found["relations"] += len(named)
    return wanted


def _numbers_by_name(told: Sequence[ToldProduct], site: Site, source: str) -> dict[str, int]:
    """The products of a site by what a file may call them: their key in the shop, or the number of a variant."""
    memory = Memory(site.code, source)
    named = {name for product in told for names in (product.relations or {}).values() for name in names}
    by_sku = products_by_sku(site, named)
    keys = {name.removeprefix("id:") for name in named} | {product.key for product in told}
    by_key = {key: row.thing_id for key in keys if (row := memory.of("products", key)) and row.thing_id}
    return by_sku | by_key


def _is_other(row: ProductRelation, kind: str) -> bool:
    return row.is_from_file and row.kind != kind


def _store(pairs: Pairs, gone: Sequence[tuple[int, int]]) -> None:
    if gone:
        which = tuple_(ProductRelation.product_id, ProductRelation.other_id).in_(gone)
        db.session.execute(delete(ProductRelation).where(which))
    for (product_id, other_id), kind in pairs.items():
        db.session.add(ProductRelation(product_id=product_id, other_id=other_id, kind=kind, is_from_file=True))
