"""The reader of the record that counts friends and gives points."""

from community.ambassadors.actions import ledger
from community.ambassadors.actions.referrals import friends_confirmed
from community.touchpoints.actions import projection
from community.touchpoints.models import Touchpoint


@projection("points", forget=ledger.forget)
def points(touchpoints: list[Touchpoint]) -> None:
    """Friends who confirmed are counted; what helped gets its line in the ledger."""
    friends_confirmed(touchpoints)
    ledger.add(touchpoints)
