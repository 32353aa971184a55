"""What members say of the shop's products: one product is known to all, the others to a few."""

from random import Random
from typing import Any

from sqlalchemy import update

from community.core.db import db, unit_of_work
from community.core.text import to_safe_html
from community.demo import texts
from community.items.models import Item, State
from community.reviews.models import Review, ReviewVote, band_of, lower_bound
from community.shop.models import Product
from community.simulation import queries
from community.simulation.actions.store import Store
from community.simulation.world import DAY, Person, Town, Ware, at, moment
from community.touchpoints.models import Verb

OF_THE_BEST_KNOWN, WRITES = 240, 0.15
OPINIONS = (0.68, 0.22, 0.10)
MOST_VOTES, HELPFUL = 8, 0.8


def review(store: Store, chance: Random, town: Town, until: int) -> None:
    """Nobody says anything of one product twice."""
    if not town.wares:
        return
    said = texts.review_words(town.site.language)["opinion"]
    writers = chance.sample(town.people, min(OF_THE_BEST_KNOWN, len(town.people)))
    others = [person for person in town.people if chance.random() < WRITES]
    pairs = [(person, town.wares[0]) for person in writers]
    pairs += [(person, chance.choice(town.wares[1:] or town.wares)) for person in others]
    for person, ware in dict.fromkeys(pairs):
        _write(store, chance, town, (person, ware), chance.choices(said, OPINIONS)[0], until)
    store.settle()
    _count(town)


def _write(
    store: Store, chance: Random, town: Town, pair: tuple[Person, Ware], said: dict[str, Any], until: int
) -> None:
    (person, ware), number = pair, store.number(Item)
    when = moment(chance, max(person.joined, min(ware.begun, until - DAY)), until)
    body, stage = chance.choice(said["body"]), person.stage(when)
    votes = _vote(store, chance, town, person, number, when, until)
    helpful = sum(votes)
    store.add(Item, **_item(town, person, number, chance.choice(said["title"]) or ware.title, body, when))
    store.add(
        Review,
        id=number,
        product_id=ware.id,
        stars=chance.choice(said["stars"]),
        body=body,
        body_html=to_safe_html(body),
        age_band="" if stage is None else band_of(stage),
        helpful_count=helpful,
        vote_count=len(votes),
        helpful_bound=lower_bound(helpful, len(votes)),
    )
    store.tell(when, town.site, person, Verb.REVIEW_WRITTEN, f"review:{number}")


def _vote(store: Store, chance: Random, town: Town, author: Person, number: int, since: int, until: int) -> list[bool]:
    """Who read it says whether it helped."""
    found = dict.fromkeys(chance.choice(town.people) for _reader in range(chance.randint(0, MOST_VOTES)))
    voters = [one for one in found if one is not author and one.joined < since]
    votes = [chance.random() < HELPFUL for _voter in voters]
    for one, is_helpful in zip(voters, votes, strict=True):
        when = min(until - 1, since + int(chance.expovariate(1 / (30 * DAY))))
        store.add(ReviewVote, review_id=number, member_id=one.id, is_helpful=is_helpful, at=at(when))
        told = {"author_id": author.id, "is_helpful": is_helpful}
        store.tell(when, town.site, one, Verb.REVIEW_VOTED, f"review:{number}", **told)
    return votes


def _item(town: Town, person: Person, number: int, title: str, body: str, when: int) -> dict[str, Any]:
    path, moment_of_it = f"{town.site.path}reviews/{number}", at(when)
    return {
        "id": number,
        "kind": "review",
        "site": town.site,
        "title": title,
        "summary": body,
        "slug": str(number),
        "path": path,
        "author_id": person.id,
        "state": State.LIVE,
        "created_at": moment_of_it,
        "published_at": moment_of_it,
        "changed_at": moment_of_it,
        "active_at": moment_of_it,
    }


def _count(town: Town) -> None:
    """What products keep of their reviews, in one statement."""
    products: Any = Product.__table__
    counted = update(products).where(products.c.id.in_([ware.id for ware in town.wares]))
    with unit_of_work():
        db.session.execute(counted.values(**queries.counts_of_product()))
