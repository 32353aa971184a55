"""The environment of the templates."""

from collections.abc import MutableMapping
from typing import Any

from flask.templating import Environment


class Templates(Environment):
    """Templates that all know the same names: one dictionary, as a chain of two is slow to go through, and each
    page does so for each of its imports."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The names that a template knows."""
        return super().make_globals(d) if d else self.globals
