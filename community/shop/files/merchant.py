"""Google Merchant feeds (RSS or Atom): each item is a variant, and those of one group are one product."""

from pathlib import Path

from lxml import etree

from community.core.broken_xml import Cleaned, faults_of, forget, parse
from community.core.imports import Unreadable
from community.core.sheets import MOST_BYTES
from community.shop.files.catalogue import AGE_GROUPS, Catalogue, Remark, ToldProduct, ToldVariant, markup_of

OPTIONS = ("color", "size", "material", "pattern")
PICTURES = ("image_link", "additional_image_link")


def read(path: Path) -> Catalogue:
    """All products of a feed; `Unreadable` where there is none."""
    if path.stat().st_size > MOST_BYTES:
        raise Unreadable(f"The file is larger than {MOST_BYTES // 1024**2} MB.")
    cleaned, catalogue = Cleaned(path, b"<rss"), Catalogue("products merchant")
    events = parse(cleaned)
    try:
        for _event, element in events:
            name, parent = _name(element), element.getparent()
            if name in ("item", "entry"):
                _take(catalogue, element)
                forget(element)
            elif name == "link" and parent is not None and _name(parent) in ("channel", "feed"):
                catalogue.source = f"products merchant {element.text or element.get('href') or ''}".strip()[:200]
    except etree.XMLSyntaxError:
        catalogue.is_broken = True
    for fault in faults_of(events, cleaned):
        catalogue.is_broken = True
        why = f"The file is broken here, and something may be lost: {fault.why}."
        catalogue.remarks.append(Remark(fault.line, "the feed", why))
    if not catalogue.products and not catalogue.remarks:
        raise Unreadable("No product stands in this feed.")
    return catalogue.without_nameless()


def _take(catalogue: Catalogue, element: "etree._Element") -> None:
    told, pictures = _said(element)
    line, number = element.sourceline or 0, told.get("id", "")
    if not number:
        catalogue.lose(line, "variants", f"item {told.get('title', '')}".strip(), "It has no id.")
        return
    product = catalogue.product(told.get("item_group_id") or number, line)
    if not product.title:
        _describe(product, told)
    product.pictures.update(dict.fromkeys(pictures, ""))
    price, currency = catalogue.price(told.get("sale_price") or told.get("price", ""), line, f"item {number}")
    product.currency = product.currency or currency
    product.is_available = product.is_available or _is_available(told)
    options = " / ".join(told[name] for name in OPTIONS if told.get(name)) if "item_group_id" in told else ""
    product.add_variant(ToldVariant(line, number, options[:200], price))


def _describe(product: ToldProduct, told: dict[str, str]) -> None:
    product.title, product.markup = told.get("title", ""), markup_of(told.get("description", ""))
    product.brand, product.gtin = told.get("brand", ""), told.get("gtin", "")
    category = told.get("product_type") or told.get("google_product_category", "")
    product.category = category.rpartition(">")[2].strip()
    product.shop_url, product.stage = told.get("link", ""), AGE_GROUPS.get(told.get("age_group", "").lower())
    product.is_available = _is_available(told)


def _is_available(told: dict[str, str]) -> bool:
    return told.get("availability", "in stock").replace("_", " ").lower() != "out of stock"


def _said(element: "etree._Element") -> tuple[dict[str, str], list[str]]:
    """The words of each child by its name, the first one counts; and all pictures."""
    told: dict[str, str] = {}
    pictures = []
    for child in element:
        name, words = _name(child), "".join(child.itertext(with_tail=False)).strip()
        words = words or (child.get("href") or "" if name == "link" else "")
        told.setdefault(name, words)
        if name in PICTURES and words:
            pictures.append(words)
    return told, pictures


def _name(element: "etree._Element") -> str:
    return element.tag.rpartition("}")[2].rpartition(":")[2] if isinstance(element.tag, str) else ""
