"""How an action says no."""


class Refused(Exception):
    """A deed that the rules do not allow; the text is for the reader, in the reader's language."""

    def __init__(self, why: str, field: str | None = None) -> None:
        super().__init__(why)
        self.why = why
        self.field = field  # the form field that the words belong to, where there is one
