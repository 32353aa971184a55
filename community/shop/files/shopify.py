"""Shopify's product file: further variants and pictures are further lines of the same handle."""

from collections.abc import Iterable

from community.core.sheets import Row
from community.shop.files.catalogue import AGE_GROUPS, Catalogue, ToldProduct, ToldVariant, markup_of, take_selling

OPTIONS = ("option1 value", "option2 value", "option3 value")
NO_OPTION = "Default Title"


def is_shopify(heads: Iterable[str]) -> bool:
    """Whether these are the heads of such a file."""
    return {"handle", "title"} <= set(heads)


def read(rows: Iterable[Row]) -> Catalogue:
    """All products of a file."""
    catalogue = Catalogue("products shopify")
    for row in rows:
        handle, is_variant = row.first("handle"), bool(row.first("variant price", "variant sku", *OPTIONS))
        kind = "products" if row.first("title") else "variants" if is_variant else ""
        what = f"product {handle or row.first('title')}"
        if not handle or row.is_crooked:
            why = "It has more cells than the file has heads." if handle else "It has no handle."
            catalogue.lose(row.line, kind, what, why)
            continue
        product = catalogue.product(handle, row.line)
        if row.first("title"):
            _describe(product, row)
        if address := row.first("image src"):
            product.pictures.setdefault(address, row.first("image alt text"))
        if is_variant:
            price, _currency = catalogue.price(row.first("variant price"), row.line, what)
            title = " / ".join(filter(None, (row.first(head) for head in OPTIONS)))
            title = "" if title == NO_OPTION else title
            product.add_variant(ToldVariant(row.line, row.first("variant sku"), title[:200], price))
    return catalogue.without_nameless()


def _describe(product: ToldProduct, row: Row) -> None:
    product.line, product.slug = row.line, product.key
    product.title, product.markup = row.first("title"), markup_of(row.first("body html"))
    product.brand, product.category = row.first("vendor"), row.first("type", "product category")
    product.gtin = row.first("variant barcode").strip("'")
    product.tags = [tag for tag in map(str.strip, row.first("tags").split(",")) if tag]
    product.stage = AGE_GROUPS.get(row.first("google shopping age group").lower())
    product.is_public = row.first("published").lower() != "false" and row.first("status") in ("", "active")
    take_selling(product, row)
