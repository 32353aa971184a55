"""How the desk calls what it shows."""

from flask_babel import lazy_gettext as _l

from community.moderation.models import ConcernKind, Deed

KINDS = {
    ConcernKind.HELD: _l("Held"),
    ConcernKind.REPORTED: _l("Reported"),
    ConcernKind.EDITED: _l("Changed as asked"),
    ConcernKind.APPEAL: _l("Appeals"),
}
TRUST = {0: _l("new"), 1: _l("known"), 2: _l("trusted"), 3: _l("guide"), 5: _l("staff")}
BUTTONS = {
    Deed.KEEP: _l("Let it stand"),
    Deed.HIDE: _l("Hide"),
    Deed.EDIT: _l("Ask for an edit"),
    Deed.WARN: _l("Warn, let it stand"),
    Deed.MUTE: _l("Hide and mute"),
    Deed.SUSPEND: _l("Hide and suspend"),
    Deed.TELL: _l("Tell the editors"),
}
DONE = {
    Deed.KEEP: _l("Kept. Everybody can read it."),
    Deed.HIDE: _l("Hidden. Nobody else can read it."),
    Deed.EDIT: _l("Its author is asked to change it. It waits until then."),
    Deed.WARN: _l("It stands, and its author is warned."),
    Deed.MUTE: _l("Muted. They can read and not write."),
    Deed.SUSPEND: _l("Suspended. Nobody comes in with this account."),
    Deed.RESTORE: _l("Back where it was."),
    Deed.TELL: _l("The editors are told."),
}
IN_THE_LOG = {
    Deed.KEEP: _l("kept"),
    Deed.HIDE: _l("hidden"),
    Deed.EDIT: _l("edit asked"),
    Deed.WARN: _l("warned"),
    Deed.MUTE: _l("muted"),
    Deed.SUSPEND: _l("suspended"),
    Deed.RESTORE: _l("restored"),
    Deed.TELL: _l("editors told"),
    Deed.UPHOLD: _l("upheld"),
    Deed.LIFT: _l("let in again"),
    Deed.PIN: _l("pinned"),
    Deed.UNPIN: _l("unpinned"),
    Deed.LOCK: _l("locked"),
    Deed.UNLOCK: _l("unlocked"),
    Deed.MOVE: _l("moved"),
    Deed.MERGE: _l("merged"),
    Deed.SLOW: _l("slowed down"),
    Deed.QUIET: _l("kept quiet"),
    Deed.UNQUIET: _l("offered again"),
}
