"""Who of the demonstration says what of which product, dealt out by a fixed chance: each load gives the same."""

from random import Random
from typing import Any

from community.demo import texts
from community.reviews.models import band_of

COUNT = 200
SEED = 7
OPINIONS = (0.68, 0.22, 0.10)  # content, with a remark, disappointed
AFTER = (10, 40)  # days in use before somebody writes
Entry = dict[str, Any]


def reviews() -> list[Entry]:
    """As many reviews as there are to be, the oldest first: by those who bought and kept it, then by others."""
    chance = Random(SEED)
    people = {person["key"]: person for person in texts.people() if not person["roles"]}
    products = {product["key"]: product for product in texts.raw_products()}
    pairs = [*_buyers(people), *_others(chance, people, products)]
    chosen = {(who, key): days for who, key, days in reversed(pairs)}
    ordered = [(who, key, days) for who, key, days in pairs if chosen[who, key] == days][:COUNT]
    found = [_said(chance, people[who], products[key], days) for who, key, days in ordered]
    return sorted(found, key=lambda entry: (-entry["days_ago"], entry["who"], entry["product"]))


def _buyers(people: dict[str, Entry]) -> list[tuple[str, str, int]]:
    return [
        (order["who"], key, order["days_ago"])
        for order in texts.orders()
        for key in order["bought"]
        if order["who"] in people and key not in order["returned"] and order["days_ago"] > AFTER[1]
    ]


def _others(chance: Random, people: dict[str, Entry], products: dict[str, Entry]) -> list[tuple[str, str, int]]:
    bought = {(who, key) for who, key, _days in _buyers(people)}
    pairs = [(who, key) for who in people for key in products if (who, key) not in bought]
    chance.shuffle(pairs)
    return [(who, key, chance.randint(AFTER[1] + 1, 300)) for who, key in pairs]


def _said(chance: Random, person: Entry, product: Entry, days: int) -> Entry:
    told = texts.review_words(person["site"])
    opinion = chance.choices(told["opinion"], OPINIONS)[0]
    of_it = told[product["key"]]
    stars = chance.choice(opinion["stars"])
    good = chance.sample(of_it["good"], chance.randint(1, 2) if stars > 2 else chance.randint(0, 1))
    less_good = chance.sample(of_it["less_good"], 1 if stars < 4 or chance.random() < 0.25 else 0)
    return {
        "who": person["key"],
        "language": person["site"],
        "product": product["key"],
        "stars": stars,
        "title": chance.choice(opinion["title"]),
        "body": chance.choice(opinion["body"]),
        "good": "\n".join(good),
        "less_good": "\n".join(less_good),
        "age_band": str(band_of(chance.randint(*product["stage"]))) if chance.random() < 0.8 else "",
        "days_ago": max(1, days - chance.randint(*AFTER)),
        "helpful_by": chance.randint(0, 4),
    }
