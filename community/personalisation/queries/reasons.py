"""Why somebody sees an item: true sentences for the parts that weighed, the strongest first."""

from collections.abc import Iterable
from datetime import date
from itertools import islice

from flask_babel import gettext as _
from flask_babel import ngettext

from community.core import stages
from community.items.models import Tag
from community.items.models.shown import Theme, Title
from community.items.queries import StageDay
from community.personalisation.engine.candidate import Candidate, lift_of, popularity_of
from community.personalisation.engine.evidence import Evidence
from community.personalisation.engine.scoring import LEAD, Part, Scored, fits
from community.personalisation.queries.signals import Signals, Subject
from community.profiles.models import Child
from community.profiles.queries import Family

LEAST_READS = 3.0  # of this moment, to be called much read
MOST_REASONS = 3
BY_READING = (Part.NEXT, Part.BESIDE, Part.NEAR, Part.TASTE, Part.PEERS)
MUCH_MORE = lift_of(30, 20, 1.0)  # by people alike: half as much again where many read
AN_INSTANT = 0.02  # weights below it did not decide anything


def reasons_for(one: Scored, signals: Signals, evidence: Evidence, family: Family, today: date) -> list[str]:
    """Up to three sentences; at least one, whatever is known."""
    found = (
        _of_reading(part, one.candidate, signals, evidence)
        if part in BY_READING and not family.is_guarded
        else _sentence(part, one.candidate, signals, family, today)
        for part in _strongest(one)
    )
    return _first(found) or [about_stage(one.candidate, family)]


def related_reasons(one: Scored, card: Title) -> list[str]:
    """Why an item stands at the end of another one."""
    found = (_related_sentence(part, one.candidate, card) for part in _strongest(one))
    return _first(found) or [about_stage(one.candidate, Family())]


def _strongest(one: Scored) -> list[Part]:
    weights = one.weights
    return sorted((part for part in weights if weights[part] >= AN_INSTANT), key=lambda part: -weights[part])


def _first(found: Iterable[str]) -> list[str]:
    """No more is put into words than is said."""
    return list(islice(filter(None, found), MOST_REASONS))


def _related_sentence(part: Part, candidate: Candidate, card: Title) -> str:
    if part == Part.NEXT:
        return _("Parents who read this often read that next.")
    if part == Part.BESIDE:
        return _("Parents who read this read that too.")
    if part == Part.THEME and card.theme:
        return _("It is about %(subject)s too.", subject=in_sentence(card.theme))
    if part == Part.STAGE:
        return _("It is about the same time.")
    return _of_all(part, candidate)


def in_sentence(tag: Tag | Theme | Subject) -> str:
    """A subject's name within a sentence: German keeps its capitals, and so do abbreviations."""
    if tag.site.language == "de" or tag.name[:2].isupper():
        return tag.name
    return tag.name[:1].lower() + tag.name[1:]


def _of_all(part: Part, candidate: Candidate) -> str:
    if part == Part.NEWCOMERS:
        is_much = candidate.newcomers >= popularity_of(LEAST_READS)
        return _("Many who are new here read this first.") if is_much else ""
    return much_read(candidate) if part == Part.POPULAR else ""


def much_read(candidate: Candidate) -> str:
    """Where it is true."""
    return _("Much read here lately.") if candidate.reads >= LEAST_READS else ""


def about_stage(candidate: Candidate, family: Family) -> str:
    """What can always be said: for which time an item is."""
    if candidate.stage_from is None or family.is_guarded:
        return _("This is for parents at any time.")
    return _("This is about: %(label)s.", label=stages.label(candidate.stage_from, candidate.stage_to))


def _sentence(part: Part, candidate: Candidate, signals: Signals, family: Family, today: date) -> str:
    if part == Part.STAGE:
        return _stage(candidate, family, today)
    if part == Part.LEARNED:
        return _learned(candidate, signals)
    if part == Part.CHOSEN:
        chosen = next((tag for tag in sorted(candidate.tag_ids) if tag in signals.chosen), None)
        return _("You chose %(subject)s as a subject.", subject=in_sentence(signals.tags[chosen])) if chosen else ""
    return _of_all(part, candidate)


def _of_reading(part: Part, candidate: Candidate, signals: Signals, evidence: Evidence) -> str:
    """What was read is named, where it is recent."""
    if part == Part.PEERS:
        is_much = evidence.peers.get(candidate.id, 0.0) >= MUCH_MORE
        return _("Parents at the same time as you read this a lot.") if is_much else ""
    title = signals.titles.get(evidence.lead_to(candidate.id, part) or 0)
    if title is None:
        return _("Parents who read what you read also read this.") if part == Part.TASTE else ""
    if part == Part.NEXT:
        return _("Parents who read “%(title)s” often read this next.", title=title)
    return _("Parents who read “%(title)s” read this too.", title=title)


def _learned(candidate: Candidate, signals: Signals) -> str:
    known = [tag for tag in candidate.tag_ids if tag in signals.learned]
    if not known:
        return ""
    tag = max(known, key=lambda known_tag: (signals.learned[known_tag], -known_tag))
    subject, count = in_sentence(signals.tags[tag]), signals.read_this_month[tag]
    if not count:
        return _("You read about %(subject)s in the last two months.", subject=subject)
    return ngettext(
        "You read %(num)s article about %(subject)s this month.",
        "You read %(num)s articles about %(subject)s this month.",
        count,
        subject=subject,
    )


def _stage(candidate: Candidate, family: Family, today: date) -> str:
    """Which child an item is for; for a guarded reader a child that is here, never a week."""
    for child, day in zip(family.children, family.days, strict=True):
        if not fits(candidate, day, LEAD) or (child.is_pregnancy and family.is_guarded):
            continue
        return _week(candidate, day) if child.is_pregnancy else _age(candidate, child, day, family, today)
    return ""


def _week(candidate: Candidate, day: StageDay) -> str:
    """In completed weeks, as the home page counts them."""
    week = stages.week_of(day.calendar)
    first, last = stages.week_of(candidate.stage_from or 0), stages.week_of(candidate.stage_to or 0)
    if (candidate.stage_to or 0) >= 0:
        label = stages.label(candidate.stage_from, candidate.stage_to)
        return _("You are in week %(week)s; this is about: %(label)s.", week=week, label=label)
    if first == last:
        return _("You are in week %(week)s; this is about week %(first)s.", week=week, first=first)
    return _("You are in week %(week)s; this is about weeks %(first)s to %(last)s.", week=week, first=first, last=last)


def _age(candidate: Candidate, child: Child, day: StageDay, family: Family, today: date) -> str:
    label = stages.label(candidate.stage_from, candidate.stage_to)
    if day.corrected != day.calendar and candidate.stage_basis == "corrected":
        age = stages.corrected_age_words(day.corrected)
        return _("Counted from the due date your child is %(age)s old; this is about: %(label)s.", age=age, label=label)
    age = stages.age_words(child.born_on or today, today)
    return ngettext(
        "Your child is %(age)s old; this is about: %(label)s.",
        "Your children are %(age)s old; this is about: %(label)s.",
        sum(other == day for other in family.days),
        age=age,
        label=label,
    )
