"""What a member's home asks: which things are done."""

from wtforms import IntegerField, SelectMultipleField
from wtforms.validators import Optional

from community.web.forms import Form


class TasksForm(Form):
    """The ticks of a list; what was not on it is left out by the action."""

    t = SelectMultipleField(validate_choice=False)
    child = IntegerField(validators=[Optional()])
