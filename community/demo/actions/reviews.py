"""What the people of the demonstration say of products, and whom it helped."""

from random import Random

from community.core.refused import Refused
from community.demo import queries, texts
from community.demo.actions.scene import ago, at, person_of
from community.demo.texts import Entry
from community.reviews.actions.reviews import Opinion, vote, write_review
from community.reviews.models import Review
from community.reviews.queries import review_of

SAID = ("stars", "title", "body", "good", "less_good", "age_band")
MOSTLY_HELPFUL = 0.85


def put_review(entry: Entry) -> bool:
    """One review at its time, by the member's own door; with the votes of some others."""
    author = person_of(entry["who"])
    product = queries.product_of_key(author.site, entry["product"])
    if product is None:
        raise Refused(f"there is no product {entry['product']!r}")
    if review_of(author, product) is not None:
        return False
    with at(ago(entry["days_ago"], author.site)):
        review = write_review(product, author, Opinion(**{name: entry[name] for name in SAID}))
    _vote(review, entry)
    return True


def _vote(review: Review, entry: Entry) -> None:
    """By people of the same site, an hour and more after it was written."""
    chance = Random(f"{entry['who']} {entry['product']}")
    others = [
        person["key"]
        for person in texts.people()
        if person["site"] == entry["language"] and not person["roles"] and person["key"] != entry["who"]
    ]
    for key in chance.sample(others, min(entry["helpful_by"], len(others))):
        voter = person_of(key)
        with at(ago(entry["days_ago"] * chance.random(), voter.site)):
            vote(review, voter, chance.random() < MOSTLY_HELPFUL)
