"""WooCommerce's product files: its own export, and the older one that holds variations alone."""

from collections.abc import Iterable

from community.core.sheets import Row
from community.shop.files.catalogue import Catalogue, ToldProduct, ToldVariant, markup_of, take_selling

PARENT = ("post parent", "parent sku", "parent")
OPTIONS = ("attribute", "meta attribute")
_NO = ("0", "no", "false", "outofstock")
_HIDDEN = ("0", "-1", "draft", "pending", "private", "trash")


def is_woocommerce(heads: Iterable[str]) -> bool:
    """Whether these are the heads of such a file."""
    there = set(heads)
    return "sku" in there and "regular price" in there and bool(there & {"id", "name", "post title", *PARENT})


def read(rows: Iterable[Row]) -> Catalogue:
    """All products of a file; a variation may stand before the product that it belongs to."""
    catalogue, rows = Catalogue("products woocommerce"), list(rows)
    keys = {row.first("sku"): _key(row) for row in rows if row.first("sku") and not _is_variation(row)}
    for row in rows:
        is_variation = _is_variation(row)
        parent = row.first(*PARENT).removeprefix("id:")
        key = keys.get(parent, parent) if is_variation else _key(row)
        what = f"{'variation' if is_variation else 'product'} {_key(row) or row.first('name')}"
        if not key or row.is_crooked:
            why = "It has more cells than the file has heads." if key else "It has no number."
            catalogue.lose(row.line, "variants" if is_variation else "products", what, why)
            continue
        product = catalogue.product(key, row.line)
        if is_variation:
            product.title = product.title or row.first("parent").removeprefix("id:")
        else:
            _describe(product, row)
        for address in filter(None, map(str.strip, row.first("images").split(","))):
            product.pictures.setdefault(address, "")
        if is_variation or row.first("type").lower() not in ("variable", "grouped"):
            price, _currency = catalogue.price(row.first("sale price", "regular price"), row.line, what)
            product.add_variant(ToldVariant(row.line, row.first("sku", "id"), _options(row)[:200], price))
    return catalogue.without_nameless()


def _describe(product: ToldProduct, row: Row) -> None:
    product.line, product.title = row.line, row.first("name", "post title")
    product.slug = row.first("post name", "slug")
    product.markup = markup_of(row.first("description", "post content", "short description", "post excerpt"))
    product.category = row.first("categories").split(",")[0].rpartition(">")[2].strip()
    product.tags = [tag for tag in map(str.strip, row.first("tags").split(",")) if tag]
    product.brand, product.gtin = row.first("brands", "brand"), row.first("gtin upc ean or isbn", "gtin")
    product.shop_url = row.first("external url", "permalink")
    product.is_public = row.first("published", "post status").lower() not in _HIDDEN
    product.is_available = row.first("in stock", "stock status").lower() not in _NO
    take_selling(product, row)


def _is_variation(row: Row) -> bool:
    kind = row.first("type", "tax product type").lower()
    return "variation" in kind if kind else bool(row.first(*PARENT))


def _key(row: Row) -> str:
    return row.first("id", "sku")


def _options(row: Row) -> str:
    """What tells a variation from the others, in words."""
    told = [words for head, words in row.cells.items() if head.startswith(OPTIONS) and _is_value(head) and words]
    return " / ".join(told)


def _is_value(head: str) -> bool:
    return head.startswith("meta") or head.endswith(("value s", "values", "value"))
