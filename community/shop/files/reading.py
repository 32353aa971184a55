"""Which kind of catalogue a file is, told by how it begins."""

from pathlib import Path

from community.core.imports import Unreadable
from community.core.sheets import heads_of, rows_of, text_of
from community.shop.files import merchant, shopify, woocommerce
from community.shop.files.catalogue import Catalogue

HEAD = 4096


def catalogue_of(path: Path) -> Catalogue:
    """All that a file tells; `Unreadable` where it is none that we know."""
    with path.open("rb") as file:
        begin = file.read(HEAD).lstrip(b"\xef\xbb\xbf \r\n\t")
    if begin.startswith(b"<") or b"<rss" in begin or b"\x00<" in begin:
        return merchant.read(path)
    text = text_of(path)
    heads = heads_of(text)
    for is_its, read in ((shopify.is_shopify, shopify.read), (woocommerce.is_woocommerce, woocommerce.read)):
        if is_its(heads):
            return read(rows_of(text))
    raise Unreadable("Its first line is not that of a product file of Shopify or WooCommerce.")
