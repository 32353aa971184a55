"""How staff call where a relationship stands."""

from flask_babel import lazy_gettext as _l

from community.profiles.models import Phase, Stage

PHASES = {
    Phase.KNOW: _l("Know"),
    Phase.LIKE: _l("Like"),
    Phase.TRUST: _l("Trust"),
    Phase.TRY: _l("Try"),
    Phase.BUY: _l("Buy"),
    Phase.REPEAT: _l("Repeat"),
    Phase.REFER: _l("Refer"),
}
STAGES = {Stage.SEE: _l("See"), Stage.THINK: _l("Think"), Stage.DO: _l("Do"), Stage.CARE: _l("Care")}
