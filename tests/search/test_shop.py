"""Products, reviews and stories in the one box."""

from community.blogs.models import BlogPost
from community.core import clock
from community.core.db import db, unit_of_work
from community.items import actions as items
from community.items.models import Item, State, Visibility
from community.reviews.models import Review
from community.shop.models import Product
from community.sites.models import SITES


def item(kind, slug, path, **fields):
    now = clock.now()
    with unit_of_work():
        made = kind(site=SITES["nl"], slug=slug, path=path, created_at=now, changed_at=now, tags=[], **fields)
        db.session.add(made)
        db.session.flush()
        items.set_item_state(made, State.LIVE)
        return made


def test_products_and_reviews_are_found_by_what_they_say(look, visitor):
    product = item(
        Product, "wagen", "/nl/products/wagen", title="Kinderwagen Vlieg", brand="Roos", body_html="<p>Licht.</p>"
    )
    review = item(Review, "1", "/nl/reviews/1", product_id=product.id, stars=4, good="Rijdt soepel", less_good="Krap")
    assert look(visitor, "kinderwagens", kind="product").paths == [product.path]
    assert look(visitor, "roos").paths == [product.path]
    seen = look(visitor, "soepel")
    assert seen.paths == [review.path]
    assert seen.titles == ["Kinderwagen Vlieg"]
    with unit_of_work():
        items.set_item_state(db.session.get_one(Item, review.id), State.HIDDEN)
    assert look(visitor, "soepel").titles == []


def test_stories_of_blogs_are_found_by_whom_they_are_for(look, visitor, as_anna):
    story = item(BlogPost, "nachten", "/nl/blogs/anna/nachten", title="Nachten", body_html="<p>Over lindebloesem.</p>")
    assert look(visitor, "lindebloesem", kind="blogpost").paths == [story.path]
    with unit_of_work():
        db.session.get_one(Item, story.id).visibility = Visibility.MEMBERS
    assert look(visitor, "lindebloesem").titles == []
    assert look(as_anna, "lindebloesem").paths == [story.path]
