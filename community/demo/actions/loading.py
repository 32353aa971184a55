"""Loading the demonstration: each entry is one commit through the rooms' own actions, at its own time.

What is there already stays as it is. What does not fit is named, and stops nothing else."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

from sqlalchemy import insert

from community.articles.actions.writing import create_article
from community.articles.models import StageNote, StageTask
from community.comments.actions import write_comment
from community.core import clock, generation, stages
from community.core.db import db, unit_of_work
from community.core.permissions import Role
from community.core.refused import Refused
from community.demo import queries, texts
from community.demo import reviews as dealt
from community.demo.actions import ambassadors, blogs, cases, chat, desk, reviews, search, segments, shop, talk
from community.demo.actions.scene import AWAY, at, noon_of, past, person_of, theme_of
from community.demo.texts import Entry
from community.items.models import Tag
from community.items.queries import tag_by_slug
from community.media.actions import take_drawing
from community.members import actions as members
from community.members.models import Identity, Member, MemberState, Purpose
from community.members.queries import is_username_taken, member_by_email
from community.profiles import actions as profiles
from community.profiles.models import Audience, Child, ChildKind, PartnerRole
from community.sites.models import SITES
from community.touchpoints.actions import project, record, row_of
from community.touchpoints.models import Touchpoint, Verb
from community.touchpoints.queries import reads_of

MAY_BE_ABSENT = ("stage_from", "stage_to", "stage_basis", "is_quiet")
DRAWING_SIZE = 640, 480
PARTNERS = {
    "": PartnerRole.NONE,
    **dict.fromkeys(("man", "vriend", "husband"), PartnerRole.FATHER),
    **dict.fromkeys(("vrouw", "vriendin", "wife"), PartnerRole.MOTHER),
    "partner": PartnerRole.PARTNER,
}
UNITS: dict[str, Callable[[int], tuple[int, int]]] = {"week": stages.days_of_week, "month": stages.days_of_month}
Told = Callable[[str, int, int], None]  # (kind, how many are done, of how many)


@dataclass
class Loaded:
    """What came of it, by kind."""

    created: Counter[str] = field(default_factory=Counter)
    unchanged: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)


def load(passwords: dict[str, str], new_passwords: set[str], told: Told) -> Loaded:
    """Everything in `content/`. `new_passwords` are the addresses whose password was made just now."""
    loaded = Loaded()
    for kind, entries, put in _steps(passwords, new_passwords):
        for number, entry in enumerate(entries, 1):
            try:
                with unit_of_work():
                    is_new = put(entry)
            except (Refused, LookupError, TypeError, ValueError, OSError) as why:
                loaded.problems.append(f"{kind}: {_named(entry)}: {why if isinstance(why, Refused) else repr(why)}")
            else:
                (loaded.created if is_new else loaded.unchanged)[kind] += 1
            told(kind, number, len(entries))
    if loaded.created["topics"]:
        talk.tell_what_was_written()
    project()
    return loaded


def put_theme(theme: Entry) -> bool:
    """A theme of one site."""
    site = SITES[theme["language"]]
    if queries.theme_of_key(site, theme["key"]):
        return False
    tag = tag_by_slug(site, theme["slug"]) or Tag(site=site, slug=theme["slug"], name=theme["name"])
    tag.description, tag.position = theme["description"], theme["position"]
    tag.is_theme, tag.translation_key = True, theme["key"]
    db.session.add(tag)
    generation.changed(site.code)
    return True


def put_person(passwords: dict[str, str], new_passwords: set[str], person: Entry) -> bool:
    """Somebody who joined on their day, and told what they told."""
    email = person["email"]
    member = member_by_email(email)
    if member is not None:
        if email in new_passwords:
            members.change_password(member, passwords[email])
        return False
    with at(noon_of(person["joined_on"])):
        member = _join(person, passwords[email])
    _tell_profile(member, person)
    return True


def put_note(note: Entry) -> bool:
    """What the calendar says of a week or month."""
    site, (stage_from, stage_to) = SITES[note["language"]], _stage(note)
    if queries.has_note(site, stage_from, stage_to):
        return False
    source = note.get("source", {})
    row = StageNote(site=site, stage_from=stage_from, stage_to=stage_to, headline=note["headline"], body=note["body"])
    row.source_title = ", ".join(filter(None, (source.get("title"), source.get("publisher"))))
    row.source_url = source.get("url", "")
    db.session.add(row)
    generation.changed(site.code)
    return True


def put_task(task: Entry) -> bool:
    """A thing to do in a stretch of weeks or months."""
    site, (stage_from, stage_to) = SITES[task["language"]], _stage(task)
    if queries.has_task(site, task["key"]):
        return False
    row = StageTask(site=site, key=task["key"], title=task["title"], hint=task.get("hint", ""))
    row.stage_from, row.stage_to = stage_from, stage_to
    db.session.add(row)
    generation.changed(site.code)
    return True


def put_article(place: Entry) -> bool:
    """An article on its day, with its drawing."""
    site, key = SITES[place["language"]], place["key"]
    if queries.article_of_key(site, key):
        return False
    article = texts.article_at(place["path"])
    theme = theme_of(site, article["theme"])
    author = person_of(article["author"])
    reviewer = person_of(article["reviewer"]) if "reviewer" in article else None
    reviewed_on = past(article["reviewed_on"]) if reviewer else None
    with at(noon_of(article["published_on"])):
        picture = take_drawing(texts.drawing(article["picture"]), article["picture_alt"], *DRAWING_SIZE)
        create_article(
            site,
            author,
            published_at=clock.now(),
            theme=theme.slug,
            picture_id=picture.id,
            reviewer_id=reviewer and reviewer.id,
            reviewed_on=reviewed_on,
            sources=[{name: str(value) for name, value in source.items()} for source in article["sources"]],
            translation_key=key,
            **{name: article[name] for name in ("title", "slug", "summary", "body", "tags", "picture_alt")},
            **{name: article[name] for name in MAY_BE_ABSENT if name in article},
        )
    return True


def put_comment(comment: Entry) -> bool:
    """A comment, screened like anybody's."""
    key = _comment_key(comment)
    if queries.post_of_key(key):
        return False
    article = queries.article_of_key(SITES[comment["language"]], comment["article"])
    if article is None:
        raise Refused(f"there is no article {comment['article']!r}")
    parent = queries.post_of_key(f"demo:{comment['reply_to']}") if "reply_to" in comment else None
    if "reply_to" in comment and (parent is None or parent.item_id != article.id):
        raise Refused(f"it answers {comment['reply_to']!r}, which does not stand under this article")
    with at(clock.now() - comment["ago"]):
        write_comment(article, person_of(comment["author"]), comment["body"], parent).imported_key = key
    return True


def put_reader(reader: Entry) -> bool:
    """What a member read who agreed to it; nothing where something is kept of them already."""
    member = person_of(reader["key"])
    if reads_of(member.id, 1):
        return False
    rows = [row for read in reader["reads"] for row in _rows_of_read(member, *read)]
    if rows:
        db.session.execute(insert(Touchpoint), rows)
    return bool(rows)


def _steps(
    passwords: dict[str, str], new_passwords: set[str]
) -> list[tuple[str, list[Entry], Callable[[Entry], bool]]]:
    return [
        ("themes", texts.themes(), put_theme),
        ("people", texts.people(), partial(put_person, passwords, new_passwords)),
        ("notes", texts.notes(), put_note),
        ("tasks", texts.tasks(), put_task),
        ("articles", texts.articles(), put_article),
        ("comments", texts.comments(), put_comment),
        ("readers", texts.readers(), put_reader),
        ("products", texts.products(), shop.put_product),
        ("relations", texts.relations(), shop.put_relation),
        ("orders", texts.orders(), shop.put_order),
        ("reviews", dealt.reviews(), reviews.put_review),
        ("boards", texts.boards(), talk.put_board),
        ("topics", texts.topics(), talk.put_topic),
        ("reports", texts.reports(), desk.put_report),
        ("cases", texts.cases(), cases.put_case),
        ("stories", texts.stories(), blogs.put_story),
        ("segments", texts.segments(), segments.put_segment),
        ("evenings", texts.evenings(), chat.put_evening),
        ("ambassadors", texts.ambassadors(), ambassadors.put_ambassador),
        ("synonyms", texts.synonyms(), search.put_synonyms),
    ]


def _join(person: Entry, password: str) -> Member:
    member = members.register(Identity(person["email"], person["name"], password, SITES[person["site"]]))
    member.state, member.title = MemberState.ACTIVE, person["title"]
    if not is_username_taken(person["username"]):
        member.username = person["username"]
    for role in person["roles"]:
        members.grant_role(member, Role(role), SITES[person["role_site"]] if person["role_site"] else None, None)
    for purpose in person["consents"]:
        members.set_consent(member, Purpose(purpose), True, source="demo")
    members.set_uses(member, frozenset(person.get("withheld", ())), source="demo")
    record(member, Verb.MEMBER_REGISTERED, member, source="demo")
    record(member, Verb.MEMBER_CONFIRMED, member)
    return member


def _tell_profile(member: Member, person: Entry) -> None:
    member.last_seen_at = clock.now() - AWAY
    profile = profiles.profile_for(member)
    profile.town, profile.about = person["town"], person["about"]
    profile.partner_role = PARTNERS[person["partner_word"]]
    profile.visible_to = {"about": Audience.PUBLIC, "town": Audience.MEMBERS}
    for key in person["interests"]:
        profiles.set_interest(member, theme_of(member.site, key), 1)
    told = [(_add_child(member, child), child) for child in person["children"]]
    stopped = [row for row, child in told if child.get("stopped")]
    if stopped:
        profiles.stop(member, stopped)


def _add_child(member: Member, child: Entry) -> Child:
    today = clock.today(member.site.zone)
    due_on = today + timedelta(days=child["due_in_days"]) if "due_in_days" in child else None
    born_on = today - timedelta(days=child["born_days_ago"]) if "born_days_ago" in child else None
    return profiles.add_child(member, ChildKind(child["kind"]), due_on, born_on, child.get("weeks_early", 0))


def _rows_of_read(member: Member, key: str, days_ago: int, seconds: int, share: float) -> Iterator[dict]:
    """The page and then the beacon, as they would have been told at that moment."""
    article = queries.article_of_key(member.site, key)
    if article is None:
        raise Refused(f"there is no article {key!r}")
    left_at = clock.now() - timedelta(days=days_ago)
    opened = row_of(member, Verb.PAGE_READ, article, article.site, {})
    left = row_of(member, Verb.PAGE_LEFT, article, article.site, {"seconds": seconds, "share": share})
    if opened and left:
        yield {**opened, "at": left_at - timedelta(seconds=seconds)}
        yield {**left, "at": left_at}


def _comment_key(comment: Entry) -> str:
    told = "\n".join((comment["language"], comment["article"], comment["author"], comment["body"]))
    return f"demo:{comment.get('id') or hashlib.sha256(told.encode()).hexdigest()[:20]}"


def _stage(entry: Entry) -> tuple[int, int]:
    """The range of `week` or `month`, or of `week_from` to `week_to` and the like."""
    unit = "week" if "week" in entry or "week_from" in entry else "month"
    first, last = (entry[unit] if unit in entry else entry[f"{unit}_{end}"] for end in ("from", "to"))
    return UNITS[unit](first)[0], UNITS[unit](last)[1]


def _named(entry: Entry) -> str:
    return " ".join(str(entry[name]) for name in ("key", "language", "article", "author", "id") if name in entry)
