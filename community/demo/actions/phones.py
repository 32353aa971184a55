"""The second step of the demonstration's staff: a secret each, told to whoever owns the data folder."""

from community.core.db import unit_of_work
from community.demo.texts import Entry
from community.members import second_step
from community.members.queries import member_by_email


def secrets_of_staff(people: list[Entry]) -> dict[str, str]:
    """Address -> what to tell an authenticator app, of who is asked for a code; made where there is none yet."""
    with unit_of_work():
        members = [member_by_email(person["email"]) for person in people]
        asked = [member for member in members if member is not None and second_step.is_asked_of(member)]
        return {str(member.email): second_step.give(member) for member in asked}
