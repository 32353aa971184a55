"""The desk page of weights: what counts, each change with its worth, and the way back, on record."""

from typing import Any

import pytest
from sqlalchemy import select

from community.core import clock
from community.core.audit import AuditEntry
from community.core.db import db, unit_of_work
from community.personalisation import training
from community.personalisation.engine.scoring import USUAL, Part
from community.personalisation.models import LearnedWeights
from community.personalisation.queries import weights
from community.personalisation.slots import Slot
from community.sites.models import SITES
from tests import makers

NL = SITES["nl"]
PATH = "/studio/slots/home/weights"


@pytest.fixture
def as_marketer(app: Any, browser_of: Any) -> Any:
    return browser_of(makers.member("Mara", site="en", role="marketer", role_site="nl"))


def learned(popular: float) -> None:
    tier = {part.value: weight for part, weight in USUAL.items()} | {"popular": popular}
    row = LearnedWeights(site=NL, slot="home", tiers=[tier] * 3, quality=0.25, quality_before=0.125)
    row.learned_at = clock.now()
    with unit_of_work():
        training._put_in_force(NL, Slot.HOME, row)


def popular_now() -> float:
    return weights.blend_of(NL, "home").at(0)[Part.POPULAR]


def test_before_anything_is_learned_the_page_says_what_is_usual(as_marketer: Any) -> None:
    text = as_marketer.see(PATH).text()
    assert "Nothing learned yet" in text
    assert "It fits the week or age" in text
    assert "Back to the one before" not in text
    assert "Nothing learned yet" in as_marketer.see("/studio/slots/all/weights").text()


def test_changes_stand_in_a_table_and_the_way_back_is_on_record(as_marketer: Any) -> None:
    for popular in (9.0, 5.0):
        learned(popular)
    page = as_marketer.see(PATH)
    rows = page.css("table tbody tr")
    assert len(rows) == 2
    assert "counts now" in rows[0].text()
    assert "0.125" in rows[0].text()
    assert "0.25" in rows[0].text()
    assert "It is read much" in rows[0].text()
    for expected in (9.0, USUAL[Part.POPULAR]):
        assert as_marketer.send(f"{PATH}/back?of=nl", page=PATH).status_code == 303
        assert popular_now() == expected
    assert "Yes, back" not in as_marketer.see(PATH).text()
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.deed == "weights.returned")).first()
    assert entry is not None
    assert (entry.about, entry.facts["site"]) == ("slot:home", "nl")


def test_another_sites_weights_are_not_for_this_marketer_nor_any_for_a_member(as_marketer: Any, as_anna: Any) -> None:
    assert as_marketer.get(f"{PATH}?of=en").status_code == 403
    assert as_marketer.get("/studio/slots/nowhere/weights").status_code == 404
    assert as_anna.get(PATH).status_code == 403
    assert as_anna.post(f"{PATH}/back", data={"csrf_token": as_anna.token()}).status_code == 403
