"""The page on which an audience is put together: blocks of conditions, each button of which posts the whole."""

import re
from dataclasses import dataclass
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice

from community.segments.actions import Wording
from community.segments.conditions import Clause, Group, Tree, of_json
from community.segments.queries.choices import Offer
from community.segments.queries.fields import FIELDS
from community.segments.queries.kinds import Input
from community.segments.words import mistake_in
from community.web.forms import Form, at_most, filled

A_FIELD = re.compile(r"(\d{1,3})-(\d{1,3})-field")
BUTTON = re.compile(r"(add|remove)-(\d{1,3})(?:-(\d{1,3}))?")
USUAL = {"number": 1, "days": 30, "low": 0, "hours": 24, "stars": 2, "month": 9}
Blocks = list[list[Clause]]


class WatchForm(Form):
    """Where who enters an audience is told."""

    address = StringField(
        _l("Address of the other system"),
        [at_most(500)],
        description=_l("It begins with https://. Empty: who enters is only noted here, for a file."),
        render_kw={"inputmode": "url", "autocapitalize": "off"},
    )


class MessageForm(Form):
    """What who enters an audience is sent."""

    subject = StringField(_l("Subject"), [filled(_l("Give it a subject.")), at_most(120)])
    text = TextAreaField(
        _l("Text"),
        [filled(_l("Write something first.")), at_most(5_000)],
        description=_l("{name} becomes the name of whoever gets it. An empty line begins a new paragraph."),
        render_kw={"rows": 8},
    )
    path = StringField(
        _l("Where it leads"),
        [filled(_l("Give an address on this site: it begins with a slash.")), at_most(200)],
        description=_l("A page of this site: /nl/themes/sleep"),
        render_kw={"autocapitalize": "off"},
    )
    kind = RadioField(
        _l("What it is"),
        choices=[
            SelectChoice("help", _l("Help: it sells nothing")),
            SelectChoice("offer", _l("An offer: it waits while a complaint is open")),
        ],
        default="help",
    )
    by_mail = BooleanField(_l("By letter"), description=_l("To who agreed to such mail, with a way out."))
    by_notice = BooleanField(_l("By the bell"), description=_l("The subject, which leads to that page."))
    is_once = BooleanField(
        _l("Once for each member"), description=_l("Else once each time that somebody enters the audience.")
    )

    @property
    def wording(self) -> Wording:
        """What was written, in plain values."""
        text = "\n".join(line.rstrip() for line in (self.text.data or "").splitlines())
        return Wording(
            subject=" ".join((self.subject.data or "").split()),
            text=text.strip(),
            path=(self.path.data or "").strip(),
            is_offer=self.kind.data == "offer",
            by_mail=self.by_mail.data,
            by_notice=self.by_notice.data,
            is_once=self.is_once.data,
        )


@dataclass(frozen=True)
class Row:
    """One condition as the page shows it; `name` leads the names of its inputs."""

    name: str
    clause: Clause
    offer: Offer
    is_checked: bool

    @property
    def label(self) -> Any:
        """What is asked."""
        return FIELDS[self.clause.field].label

    @property
    def operators(self) -> list[tuple[str, Any]]:
        """The ways to ask it."""
        return [(key, operator.label) for key, operator in FIELDS[self.clause.field].operators.items()]

    @property
    def inputs(self) -> list[Input]:
        """All that the ways to ask it may need, each once."""
        return inputs_of(self.clause.field)

    def ways_with(self, one: Input) -> list[str]:
        """The ways to ask it that need this value."""
        ways = FIELDS[self.clause.field].operators
        return [key for key, way in ways.items() if one.name in (needed.name for needed in way.inputs)]

    def value_of(self, one: Input) -> Any:
        """What was filled in, else what is usual."""
        return self.clause.values.get(one.name, _usual_value(one, self.offer))

    @property
    def mistake(self) -> str:
        """What is wrong with it."""
        return mistake_in(self.clause, self.offer) if self.is_checked else ""


class SegmentForm(Form):
    """A name, and blocks of conditions: all of the blocks, and within a block any, or the other way round."""

    name = StringField(_l("Name of this audience"), [filled(_l("Give it a name.")), at_most(120)])

    def __init__(self, offer: Offer, stored: dict[str, Any] | None = None, **data: Any) -> None:
        super().__init__(**data)
        self.offer = offer
        self.is_any, self.blocks = _read_tree(stored) if request.method == "GET" else _read_form(offer)
        if request.method == "POST":
            self._press(request.form.get("do", ""))

    @property
    def is_saving(self) -> bool:
        """Whether the button that keeps it was pressed."""
        return request.method == "POST" and request.form.get("do") == "save"

    @property
    def tree(self) -> Tree:
        """What was put together."""
        parts = [block[0] if len(block) == 1 else Group(tuple(block), not self.is_any) for block in self.blocks]
        return Group(tuple(parts), self.is_any)

    @property
    def rows(self) -> list[list[Row]]:
        """The blocks as the page shows them."""
        is_checked = request.form.get("do") in ("save", "count")
        return [
            [Row(f"{number}-{place}", clause, self.offer, is_checked) for place, clause in enumerate(block)]
            for number, block in enumerate(self.blocks)
        ]

    def _press(self, button: str) -> None:
        """Add a condition to a block, or behind the last one; or take one away."""
        pressed = BUTTON.fullmatch(button)
        if button == "add":
            self._add(request.form.get("field-new", ""), [])
        elif pressed and int(pressed[2]) < len(self.blocks):
            block = self.blocks[int(pressed[2])]
            if pressed[1] == "add":
                self._add(request.form.get(f"field-{pressed[2]}", ""), block)
            elif pressed[3] and int(pressed[3]) < len(block):
                block.pop(int(pressed[3]))
        self.blocks = [block for block in self.blocks if block]

    def _add(self, field: str, block: list[Clause]) -> None:
        if field in FIELDS:
            block.append(_usual(field, self.offer))
            if len(block) == 1:
                self.blocks.append(block)


def inputs_of(field: str) -> list[Input]:
    """All values that a field may ask for, each once."""
    named = {one.name: one for operator in FIELDS[field].operators.values() for one in operator.inputs}
    return list(named.values())


def _usual(field: str, offer: Offer) -> Clause:
    """A new condition that can be asked at once."""
    way, operator = next(iter(FIELDS[field].operators.items()))
    return Clause(field, way, {one.name: _usual_value(one, offer) for one in operator.inputs})


def _usual_value(one: Input, offer: Offer) -> Any:
    return next(iter(offer.lists[one.choices]), "") if one.choices else USUAL.get(one.name, one.most)


def _read_tree(stored: dict[str, Any] | None) -> tuple[bool, Blocks]:
    tree = of_json(stored) if stored else Group()
    parts = (tree,) if isinstance(tree, Clause) else tree.parts
    blocks = [
        [part] if isinstance(part, Clause) else [c for c in part.parts if isinstance(c, Clause)] for part in parts
    ]
    return isinstance(tree, Group) and tree.is_any, blocks


def _read_form(offer: Offer) -> tuple[bool, Blocks]:
    named = sorted((int(found[1]), int(found[2])) for name in request.form if (found := A_FIELD.fullmatch(name)))
    blocks: dict[int, list[Clause]] = {}
    for block, place in named:
        field = request.form[f"{block}-{place}-field"]
        if field in FIELDS:
            blocks.setdefault(block, []).append(_read_clause(f"{block}-{place}", field))
    return request.form.get("joined") == "any", list(blocks.values())


def _read_clause(name: str, field: str) -> Clause:
    chosen = request.form.get(f"{name}-is", "")
    operator = FIELDS[field].operators.get(chosen)
    inputs = operator.inputs if operator else ()
    values = {one.name: _read_value(one, request.form.get(f"{name}-{one.name}", "").strip()) for one in inputs}
    return Clause(field, chosen, values, request.form.get(f"{name}-not") == "not")


def _read_value(one: Input, typed: str) -> Any:
    is_number = not one.choices and typed.isascii() and typed.isdecimal() and len(typed) < 9
    return int(typed) if is_number else typed[:120]
