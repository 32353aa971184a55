"""What a row of a dump is here: a question is a topic, an answer and a comment are posts in it."""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import cached_property

from community.core.imports import digest_of, public_name
from community.core.refused import Refused
from community.core.text import MEMBERS_REL, imported_html, plain, to_safe_html
from community.forums.stackexchange.body import convert
from community.forums.stackexchange.dump import Row

KINDS = {"1": "questions", "2": "answers"}  # by PostTypeId; all others are wikis, notices and the like
LONGEST = 200_000


@dataclass(frozen=True)
class Wanted:
    """A question, an answer or a comment as it should stand here."""

    file: str
    line: int
    kind: str
    key: str
    question: str  # the key of the question that it belongs to
    author_name: str
    markup: str  # HTML; of a comment Markdown
    written_at: datetime | None
    edited_at: datetime | None
    parent: str = ""  # of a comment: the key of the post that it stands under
    title: str = ""
    tags: tuple[str, ...] = ()
    is_closed: bool = False
    accepted: str = ""  # the key of the answer

    @cached_property
    def digest(self) -> str:
        """What changes as soon as the row says something else; its place in the file is no part of that."""
        return digest_of({**asdict(self), "file": "", "line": 0})

    @cached_property
    def body_html(self) -> str:
        """Its words, safe to show."""
        if self.kind == "comments":
            return to_safe_html(self.markup)
        return imported_html(convert(self.markup), MEMBERS_REL)

    @cached_property
    def body(self) -> str:
        """Its words as a member would have typed them."""
        return self.markup if self.kind == "comments" else plain(self.body_html)

    @property
    def what(self) -> str:
        """This row in words, for the report."""
        return f"question “{self.title[:80]}”" if self.title else what_is(self.kind, self.key)


def question(row: Row, names: dict[str, str]) -> Wanted:
    """A question with its own text."""
    title = " ".join(row["Title"].split())
    if not title:
        raise Refused("It has no title.")
    return Wanted(
        **_common(row, "questions", row["Body"], author_of(row, names, "Owner")),
        question=row["Id"],
        edited_at=moment(row["LastEditDate"]),
        title=title[:200],
        tags=tags_of(row["Tags"]),
        is_closed=bool(row["ClosedDate"]),
        accepted=row["AcceptedAnswerId"],
    )


def answer(row: Row, names: dict[str, str]) -> Wanted:
    """An answer to a question."""
    common = _common(row, "answers", row["Body"], author_of(row, names, "Owner"))
    return Wanted(**common, question=row["ParentId"], edited_at=moment(row["LastEditDate"]))


def comment(row: Row, names: dict[str, str], question_key: str) -> Wanted:
    """A comment on a question or an answer."""
    common = _common(row, "comments", row["Text"], author_of(row, names, ""))
    return Wanted(**common, question=question_key, edited_at=None, parent=row["PostId"])


def author_of(row: Row, names: dict[str, str], prefix: str) -> str:
    """A writer's name: as the users' file has it, else as the row does, else by number; none where nobody is left."""
    user = row[f"{prefix}UserId"]
    name = names.get(user) or public_name(row[f"{prefix}DisplayName" if prefix else "UserDisplayName"])
    return name or (f"user{user}" if user.isdecimal() else "")


def tags_of(written: str) -> tuple[str, ...]:
    """Names of tags, from `<one><two>` or, in later dumps, `|one|two|`."""
    return tuple(name for name in written.replace("<", "|").replace(">", "|").split("|") if name.strip())


def moment(written: str) -> datetime | None:
    """A moment in UTC, if it can be read."""
    try:
        found = datetime.fromisoformat(written)
    except ValueError:
        return None
    found = found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC)
    return found if found.year > 1970 else None


def what_is(kind: str, key: str) -> str:
    """A row in words, for the report."""
    return f"{kind.removesuffix('s')} {key}"


def _common(row: Row, kind: str, markup: str, author_name: str) -> dict:
    """What questions, answers and comments share; refused where there is nothing to show."""
    if not row["Id"]:
        raise Refused("It has no number.")
    if not markup:
        raise Refused("It has no text.")
    if len(markup) > LONGEST:
        raise Refused(f"Its text is longer than {LONGEST:,} characters.")
    return {
        "file": row.file,
        "line": row.line,
        "kind": kind,
        "key": row["Id"][:20],
        "author_name": author_name,
        "markup": markup,
        "written_at": moment(row["CreationDate"]),
    }
