"""A catalogue as any of the files tells it, and what became of lines that cannot be used."""

import html
import re
from dataclasses import asdict, dataclass, field

from community.core.imports import digest_of
from community.core.sheets import Row
from community.core.text import slug_of
from community.shop.files.amounts import amount_of

# Google's words for who a product is for, as days on the axis of life stages.
AGE_GROUPS = {"newborn": (0, 91), "infant": (92, 365), "toddler": (366, 1826)}
# What shops call the columns in which a product names others, by the kind of relation.
RELATED = {
    "cross": ("cross sells", "complementary products"),
    "deep": ("deep sells",),
    "up": ("upsells", "up sells"),
}
_YES = ("1", "yes", "true")
_PARAGRAPHS = re.compile(r"\n\s*\n|\\n\s*\\n")


@dataclass
class ToldVariant:
    """One size or colour as a file tells it."""

    line: int
    sku: str
    title: str = ""
    price_cents: int | None = None


@dataclass
class ToldProduct:
    """A product as a file tells it; `line` is where it begins."""

    line: int
    key: str  # how the shop knows it
    title: str = ""
    slug: str = ""
    markup: str = ""  # not yet sanitised
    brand: str = ""
    category: str = ""
    gtin: str = ""
    shop_url: str = ""
    currency: str = ""
    stage: tuple[int, int] | None = None
    tags: list[str] = field(default_factory=list)
    pictures: dict[str, str] = field(default_factory=dict)  # address -> description
    is_public: bool = True
    is_available: bool = True
    variants: list[ToldVariant] = field(default_factory=list)
    is_consumable: bool | None = None  # None: the file does not say
    relations: dict[str, list[str]] | None = None  # kind -> what the file calls the others; None: it has no such column

    @property
    def price_cents(self) -> int | None:
        """Of the cheapest variant."""
        return min((each.price_cents for each in self.variants if each.price_cents is not None), default=None)

    @property
    def digest(self) -> str:
        """What changes as soon as anything of it does; where it stands in the file is no part of it."""
        variants = [(each.sku, each.title, each.price_cents) for each in self.variants]
        told = asdict(self) | {"line": 0, "variants": variants}
        del told["relations"]  # these are compared with what stands here
        if self.is_consumable is None:
            del told["is_consumable"]
        return digest_of(told)

    def add_variant(self, variant: ToldVariant) -> None:
        """Take a variant; one without a number of its own gets one from the product and its words."""
        taken = {each.sku for each in self.variants}
        own = f"{self.key[:40]}-{slug_of(variant.title)}" if variant.title else self.key
        wanted, number = (variant.sku or own)[:70], 2
        variant.sku = wanted
        while variant.sku in taken:
            variant.sku, number = f"{wanted}-{number}", number + 1
        self.variants.append(variant)


@dataclass(frozen=True)
class Remark:
    """Something about a line: what was lost of it (`kind` is what is counted), or was not as it should be."""

    line: int
    what: str
    why: str
    kind: str = ""


@dataclass
class Catalogue:
    """All that one file tells."""

    source: str  # what makes two files exports of the same shop
    products: dict[str, ToldProduct] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)
    is_broken: bool = False

    def product(self, key: str, line: int) -> ToldProduct:
        """The product of a key, begun where it was not yet told of."""
        return self.products.setdefault(key, ToldProduct(line, key))

    def lose(self, line: int, kind: str, what: str, why: str) -> None:
        """A line that cannot be taken."""
        self.remarks.append(Remark(line, what, why, kind))

    def price(self, written: str, line: int, what: str) -> tuple[int | None, str]:
        """(hundredths, currency); a price that cannot be read is named, and the rest of its line taken."""
        if not written:
            return None, ""
        try:
            cents, currency = amount_of(written)
        except ValueError:
            self.remarks.append(Remark(line, what, f"Its price cannot be read: {written[:40]}"))
            return None, ""
        return cents, currency

    def without_nameless(self) -> "Catalogue":
        """Products that nobody named are lost, with their variants."""
        for key in [key for key, product in self.products.items() if not product.title]:
            product = self.products.pop(key)
            self.lose(product.line, "products", f"product {key}", "It has no title.")
            for variant in product.variants:
                self.lose(variant.line, "variants", f"variant {variant.sku}", "Its product was not taken.")
        return self


def take_selling(product: ToldProduct, row: Row) -> None:
    """What a line tells of how a product is sold: whether it is used up, and what it goes with."""
    heads = {kind: [head for head in row.cells if head.startswith(named)] for kind, named in RELATED.items()}
    if any(heads.values()):
        names = {kind: ",".join(row.cells[head] for head in found) for kind, found in heads.items()}
        product.relations = {
            kind: [each.strip() for each in re.split("[,;]", names[kind]) if each.strip()] for kind in names
        }
    if written := row.first("consumable"):
        product.is_consumable = written.lower() in _YES


def markup_of(written: str) -> str:
    """A description as HTML: where it has no tags, its paragraphs."""
    if "<" in written:
        return written
    parts = (html.escape(part.strip()) for part in _PARAGRAPHS.split(written))
    return "".join(f"<p>{part}</p>" for part in parts if part)
