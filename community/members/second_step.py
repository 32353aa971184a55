"""The second step at sign-in: a code of an authenticator app (RFC 6238), or one of ten spare codes, each taken once.

The row holds a salt; the app's secret follows from it by the site's own key."""

import secrets
from base64 import b32encode
from hmac import compare_digest

from flask_babel import gettext as _
from pyotp import TOTP

from community.core import audit, clock
from community.core.db import db
from community.core.refused import Refused
from community.core.seal import seal
from community.members import queries
from community.members.models import Member, SecondStep

ISSUER = "Community"
STEP_SECONDS = 30
LATE_OR_EARLY = (0, -1, 1)  # steps by which a phone's clock may differ
SPARE_CODES, SPARE_DIGITS = 10, 12


def new_salt() -> str:
    """Where a new secret begins."""
    return secrets.token_hex(16)


def secret_of(salt: str) -> str:
    """What the app is told, once."""
    return b32encode(seal("second-step", salt)[:20]).decode()


def address_of(salt: str, member: Member) -> str:
    """The same as an app reads it from a picture."""
    return TOTP(secret_of(salt)).provisioning_uri(name=member.email or member.name, issuer_name=ISSUER)


class Demand:
    """Whether staff must have a second step; `app.py` says so, by the settings."""

    of_staff = False


def is_asked_of(member: Member) -> bool:
    """Whether a password is not enough: staff where the site demands it, and who chose so."""
    return is_demanded_of(member) or queries.has_second_step(member)


def is_demanded_of(member: Member) -> bool:
    """Whether this member has no choice."""
    return Demand.of_staff and member.is_staff


def begin(member: Member, salt: str, typed: str) -> list[str]:
    """Ask for a code from now on, where the app shows the right one; the spare codes, which nobody sees again."""
    step = _step_of(salt, _digits(typed))
    if step is None:
        raise Refused(_("This code does not fit. Look whether your phone has the right time, and type the next one."))
    if queries.second_step_of(member) is not None:
        raise Refused(_("Your second step is on already."))
    _keep(member, salt, step)
    audit.keep("second-step.begun", member.key, member.id)
    return renew_spare_codes(member)


def give(member: Member) -> str:
    """The secret of a member who sets nothing up by hand, as in the demonstration; the one there is, if any."""
    found = queries.second_step_of(member) or _keep(member, new_salt(), last_step=0)
    return secret_of(found.salt)


def accepts(member: Member, typed: str) -> bool:
    """Whether this code is right and was not used yet; it is used now."""
    found, digits = queries.second_step_of(member, is_to_change=True), _digits(typed)
    if found is None:
        return False
    if len(digits) == SPARE_DIGITS:
        return _spends(found, digits)
    step = _step_of(found.salt, digits)
    if step is None or step <= found.last_step:
        return False
    found.last_step = step
    return True


def renew_spare_codes(member: Member) -> list[str]:
    """Ten new codes for a day without the phone, to be shown this once; earlier ones open nothing."""
    found = queries.second_step_of(member, is_to_change=True)
    if found is None:
        raise Refused(_("Switch the second step on first."))
    codes = [f"{secrets.randbelow(10**SPARE_DIGITS):0{SPARE_DIGITS}}" for _number in range(SPARE_CODES)]
    found.spare_digests = [_digest(found, code) for code in codes]
    return [f"{code[:4]} {code[4:8]} {code[8:]}" for code in codes]


def end(member: Member, actor: Member | None) -> bool:
    """Ask for no code any more; staff set it up anew when they come in. Whether there was one."""
    found = queries.second_step_of(member, is_to_change=True)
    if found is None:
        return False
    db.session.delete(found)
    audit.keep("second-step.ended", member.key, actor.id if actor else None)
    return True


def _keep(member: Member, salt: str, last_step: int) -> SecondStep:
    made = SecondStep(member_id=member.id, salt=salt, last_step=last_step, spare_digests=[], began_at=clock.real_now())
    db.session.add(made)
    db.session.flush()
    return made


def _step_of(salt: str, digits: str) -> int | None:
    """Which 30 seconds a code belongs to; None where it is none of these. Real time: no setting moves a phone."""
    now, app = int(clock.real_now().timestamp()) // STEP_SECONDS, TOTP(secret_of(salt))
    near = [now + distance for distance in LATE_OR_EARLY]
    return next((step for step in near if compare_digest(app.at(step * STEP_SECONDS), digits)), None)


def _spends(found: SecondStep, digits: str) -> bool:
    left = [digest for digest in found.spare_digests if not compare_digest(digest, _digest(found, digits))]
    is_one = len(left) < len(found.spare_digests)
    found.spare_digests = left
    return is_one


def _digest(found: SecondStep, code: str) -> str:
    return seal("spare-code", f"{found.salt} {code}").hex()


def _digits(typed: str) -> str:
    return "".join(sign for sign in typed if sign.isascii() and sign.isdigit())
