"""The first reading of a dump: how much there is, who wrote it, and in which order each conversation went."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from community.core.imports import public_name
from community.forums.stackexchange.dump import COMMENTS, POSTS, USERS, Dump
from community.forums.stackexchange.mapping import KINDS

Key = tuple[str, str]  # kind, and number in the dump


@dataclass
class Survey:
    """What must be known of the whole before one row can be taken; no texts are held."""

    found: Counter[str] = field(
        default_factory=lambda: Counter({"questions": 0, "answers": 0, "comments": 0, "users": 0, "others": 0})
    )
    source: str = ""  # what makes two dumps the same site's: its first post
    names: dict[str, str] = field(default_factory=dict)  # number of a user -> name
    questions: dict[str, str] = field(default_factory=dict)  # number of a post -> number of its question
    replies: dict[str, list[tuple[str, Key]]] = field(default_factory=lambda: defaultdict(list))

    def replies_to(self, question: str) -> list[Key]:
        """The answers and comments of a question in the order in which they were written."""
        return list(dict.fromkeys(key for _written, key in sorted(self.replies.get(question, ()))))


def survey(dump: Dump) -> Survey:
    """Read all files once; `Unreadable` where there is no dump."""
    made = Survey()
    for row in dump.rows(POSTS):
        kind = KINDS.get(row["PostTypeId"], "others")
        made.found[kind] += 1
        made.source = made.source or f"stackexchange {row['Id']} {row['CreationDate']}"[:200]
        if kind == "questions":
            made.questions.setdefault(row["Id"], row["Id"])
        elif kind == "answers" and row["Id"] not in made.questions:
            made.questions[row["Id"]] = row["ParentId"]
            made.replies[row["ParentId"]].append((row["CreationDate"], (kind, row["Id"])))
    for row in dump.rows(USERS):
        made.found["users"] += 1
        made.names[row["Id"]] = public_name(row["DisplayName"])
    for row in dump.rows(COMMENTS):
        made.found["comments"] += 1
        made.replies[made.questions.get(row["PostId"], "")].append((row["CreationDate"], ("comments", row["Id"])))
    return made
