"""After a restore: what was true when the backup was made, and is not any more."""

from sqlalchemy import delete, update

from community.core import audit, generation
from community.core.db import db, unit_of_work
from community.members.models import SignIn, Token
from community.messages.models import Mail, MailState
from community.operations.actions.leaving import erase_again
from community.sites.queries import open_sites


def begin_anew() -> int:
    """Sessions and mailed links of then open nothing, mails of then are not sent by themselves, pages are made anew.

    How many people were erased again, who had been erased since."""
    with unit_of_work():
        db.session.execute(delete(SignIn))
        db.session.execute(delete(Token))
        unsent = Mail.state.in_((MailState.WAITING, MailState.CLAIMED))
        db.session.execute(update(Mail).where(unsent).values(state=MailState.UNKNOWN))
        audit.keep("site.restored", "site", None)
        for site in open_sites():
            generation.changed(site.code)
    return erase_again()
