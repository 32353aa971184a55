"""What an administrator fills in."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectChoice, SelectField
from wtforms.validators import AnyOf, ValidationError

from community.core.permissions import Role
from community.sites.queries import open_site, open_sites
from community.web.forms import Form

ROLE_NAMES = {
    Role.MEMBER: _l("Member"),
    Role.EXPERT: _l("Expert"),
    Role.EDITOR: _l("Editor"),
    Role.PUBLISHER: _l("Publisher"),
    Role.MODERATOR: _l("Moderator"),
    Role.MARKETER: _l("Marketer"),
    Role.SERVICE: _l("Customer service"),
    Role.ADMIN: _l("Administrator"),
}


GIVEN_ROLES = [SelectChoice(role.value, name) for role, name in ROLE_NAMES.items() if role is not Role.MEMBER]


class RoleForm(Form):
    """A role, and where."""

    role = SelectField(
        _l("Role"),
        [AnyOf([role.value for role in GIVEN_ROLES], _l("Choose one of the roles."))],
        choices=GIVEN_ROLES,
        validate_choice=False,
    )
    site = SelectField(_l("Where"), validate_choice=False, description=_l("An administrator is one for all sites."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.site.choices = [
            SelectChoice("", _l("All sites")),
            *(SelectChoice(site.code, site.language_name) for site in open_sites()),
        ]

    def validate_site(self, field: SelectField) -> None:
        """A site that is none would mean all of them: say so instead."""
        if field.data and open_site(field.data) is None:
            raise ValidationError(_l("Choose one of the sites."))
