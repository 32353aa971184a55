"""How well we know a member: what is missing, what it would give, and what recommendations rest on."""

from typing import Any

from sqlalchemy import select

from community.core import clock
from community.core.db import db, unit_of_work
from community.members.models import Member, Visitor
from community.personalisation.models import Shown
from community.personalisation.queries.slots import offer_for
from community.personalisation.slots import Offer, Place, Slot
from community.personalisation.slots_actions import keep_offer
from community.personalisation.tiers import Tier
from community.profiles.queries import family_of
from community.sites.models import SITES
from community.touchpoints.actions import project
from tests import makers

NL = SITES["nl"]


def offered(who: Any, beside: Any = None) -> Offer:
    today = clock.today(NL.zone)
    return offer_for(who, Place(Slot.ARTICLE if beside else Slot.HOME, NL, beside), family_of(who, today), today)


def tiers(offer: Offer) -> dict[str, Tier]:
    return {one.item.title: tier for one, tier in zip(offer.recommended, offer.tiers, strict=True)}


def test_the_page_says_what_is_missing_and_what_it_would_give(anna: Member, browser_of: Any) -> None:
    browser = browser_of(anna)
    before = browser.see("/account/").css_first("[aria-labelledby=whole]").text()
    assert "17 van de 100" in before  # a yes to choosing by what one reads, of six
    assert "bij je week" in before
    makers.pregnancy(anna)
    after = browser.see("/account/").css_first("[aria-labelledby=whole]").text()
    assert "33 van de 100" in after
    assert "bij je week" not in after
    assert "kiezen we naar wat je ons vertelde" in after


def test_who_told_us_that_something_changed_is_asked_for_no_date(anna: Member, browser_of: Any) -> None:
    with unit_of_work():
        db.session.get_one(Member, anna.id).guarded_since = clock.now()
    shown = browser_of(anna).see("/account/").css_first("[aria-labelledby=whole]").text()
    assert "datum" not in shown
    assert "20 van de 100" in shown


def test_a_list_says_for_each_item_what_it_used(anna: Member) -> None:
    fitting, plain = makers.article("Fits", stage=(-120, -100)), makers.article("For all")
    assert tiers(offered(Visitor())) == {"Fits": Tier.NONE, "For all": Tier.NONE}
    makers.pregnancy(anna)
    offer = offered(anna)
    assert tiers(offer)["Fits"] == Tier.PROFILE
    assert "For this one we used what you told us." in offer.recommended[0].reasons
    assert set(tiers(offered(Visitor(), beside=fitting))) <= {"For all"}
    assert set(tiers(offered(Visitor(), beside=plain)).values()) <= {Tier.CONTEXT}


def test_what_was_done_is_named_and_stands_in_the_log(anna: Member) -> None:
    first, second = makers.article("Sleep 1", theme="Sleep"), makers.article("Sleep 2", theme="Sleep")
    makers.read(first, anna)
    project()
    offer = offered(anna)
    assert tiers(offer)["Sleep 2"] == Tier.BEHAVIOUR
    with unit_of_work():
        keep_offer(offer)
    assert db.session.scalars(select(Shown.tier).where(Shown.item_id == second.id)).one() == "behaviour"
