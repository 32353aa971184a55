"""The parent of every form: the CSRF token, a key that lets it act once, and a clear word for each mistake."""

import secrets
from functools import lru_cache
from typing import Any

from babel.support import Translations
from flask import request
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField
from wtforms.fields import Field
from wtforms.i18n import messages_path
from wtforms.validators import InputRequired, Length, StopValidation, ValidationError

from community.core.refused import Refused
from community.core.text import is_storable, is_visible, quotation


@lru_cache
def _words_of_forms(language: str) -> Any:
    return Translations.load(messages_path(), [language], domain="wtforms")


class Form(FlaskForm):
    """Shape of input only; a rule that needs the database is an action that raises `Refused`."""

    form_key = HiddenField()
    wait = 0  # seconds until it may be sent again, where it came too soon

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.form_key.data or len(self.form_key.data) > 64:
            self.form_key.data = secrets.token_urlsafe(16)

    class Meta(FlaskForm.Meta):
        """Every text field strips what surrounds the text and takes only what a database stores."""

        def bind_field(self, form: Any, unbound: Any, options: dict) -> Field:
            """As the parent, with our filters and rules before the field's own."""
            field = super().bind_field(form, unbound, options)
            if field.type in ("StringField", "TextAreaField", "EmailField", "SearchField", "URLField"):
                field.filters = [_stripped, *field.filters]
                field.validators = [_storable, *field.validators]
            return field

        def get_translations(self, form: Any) -> Any:
            """WTForms' own words, read once for each language: Flask-WTF reads the file for each request."""
            return _words_of_forms(str(get_locale()))

    def accepted(self) -> bool:
        """Whether this is a POST whose every field is right."""
        return request.method == "POST" and bool(self.validate())

    def refuse(self, refused: Refused) -> None:
        """Show an action's no at its field, or at the top of the form."""
        field = self[refused.field] if refused.field and refused.field in self else None
        if field is None:
            self.form_errors.append(refused.why)
        else:
            field.errors = [*field.errors, refused.why]

    @property
    def mistakes(self) -> list[tuple[str, str]]:
        """(id of the field or "", words) of each mistake, for the summary on top."""
        found = [("", str(words)) for words in self.form_errors]
        for field in self:
            found += [(field.id, str(words)) for words in field.errors]
        return found


def as_id(typed: str | int | None) -> int | None:
    """The number of a row; 0, which no row has, where something else was sent."""
    words = str(typed or "")
    return (int(words) if words.isascii() and words.isdecimal() and len(words) < 10 else 0) if words else None


class Answering:
    """The part of a form that says which post it answers; beside a `body`."""

    body: Field
    parent = HiddenField(filters=[as_id])

    def begin_answer(self, to: Any, is_quoted: bool) -> None:
        """Start with the post that is answered, and with its words where they are quoted."""
        self.parent.data = to.id
        if is_quoted:
            self.body.data = quotation(to.body)


def required(words: str) -> InputRequired:
    """A field that must be filled, with words that say how."""
    return InputRequired(words)


class Filled:
    """The rule behind `filled()`."""

    field_flags = {"required": True}

    def __init__(self, words: str) -> None:
        self.words = words

    def __call__(self, _form: Any, field: Field) -> None:
        if not is_visible(field.data or ""):
            raise StopValidation(self.words)


def filled(words: str) -> Filled:
    """A text that must hold more than spaces and signs that nobody sees."""
    return Filled(words)


def at_most(length: int) -> Length:
    """The longest text that is taken, said with its number."""
    return Length(max=length, message=_l("Please keep this under %(max)d characters."))


def _stripped(value: Any) -> Any:
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else value


def _storable(_form: Any, field: Any) -> None:
    if isinstance(field.data, str) and not is_storable(field.data):
        raise ValidationError(_l("This text holds a character that cannot be stored. Please type it anew."))
