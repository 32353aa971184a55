"""The registry of what can be asked of a member: how it is called, how it reads, how the database is asked."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from community.members.models import Member, Purpose
from community.profiles.models import Standing
from community.segments.queries import asking
from community.segments.queries.asking import Values
from community.segments.queries.choices import Offer
from community.segments.queries.happenings import HAPPENINGS
from community.segments.queries.kinds import (
    DAYS,
    DEEDS,
    MEMBER,
    RELATION,
    REST,
    TIMES,
    Field,
    Operator,
    a_number,
    from_to,
    named,
    one_of,
)
from community.segments.queries.purchases import PURCHASES


def _says_read(values: Values, offer: Offer) -> str:
    subject = offer.words("themes", values["value"])
    return ngettext(
        "who read about %(subject)s in the last %(days)s days",
        "who read about %(subject)s at least %(num)s times in the last %(days)s days",
        values["number"],
        subject=subject,
        days=values["days"],
    )


def _says_read_things(values: Values, offer: Offer) -> str:
    subject = offer.words("themes", values["value"])
    return ngettext(
        "who read something about %(subject)s in the last %(days)s days",
        "who read at least %(num)s different things about %(subject)s in the last %(days)s days",
        values["number"],
        subject=subject,
        days=values["days"],
    )


def _says_read_any(values: Values, _offer: Offer) -> str:
    return ngettext(
        "who read something in the last %(days)s days",
        "who read at least %(num)s pages in the last %(days)s days",
        values["number"],
        days=values["days"],
    )


FIELDS: dict[str, Field] = {
    "week": Field(
        _l("Week of pregnancy"),
        MEMBER,
        {
            "between": Operator(
                _l("from … to"),
                from_to(42),
                lambda v, _o: _("who are in week %(low)s to %(high)s of a pregnancy", low=v["low"], high=v["high"]),
                asking.is_week,
            ),
            "any": Operator(
                _l("any"), (), lambda v, _o: _("who are pregnant"), lambda asked, _v: asking.has_pregnancy(asked)
            ),
        },
    ),
    "age": Field(
        _l("Age of a child"),
        MEMBER,
        {
            "between": Operator(
                _l("months, from … to"),
                from_to(216),
                lambda v, _o: _("who have a child of %(low)s to %(high)s months", low=v["low"], high=v["high"]),
                asking.is_of_age,
            ),
        },
    ),
    "children": Field(
        _l("Number of children"),
        MEMBER,
        {
            "at_least": Operator(
                _l("at least"),
                a_number(_l("children"), most=12),
                lambda v, _o: ngettext("who have a child", "who have at least %(num)s children", v["number"]),
                asking.has_children,
            ),
        },
    ),
    "joined": Field(
        _l("Member since"),
        MEMBER,
        {
            "within": Operator(
                _l("in the last"),
                DAYS,
                lambda v, _o: ngettext("who joined in the last day", "who joined in the last %(num)s days", v["days"]),
                asking.within(Member.joined_at),
            ),
            "before": Operator(
                _l("longer ago than"),
                DAYS,
                lambda v, _o: ngettext(
                    "who joined more than a day ago", "who joined more than %(num)s days ago", v["days"]
                ),
                asking.before(Member.joined_at),
            ),
        },
    ),
    "seen": Field(
        _l("Last visit"),
        MEMBER,
        {
            "within": Operator(
                _l("in the last"),
                DAYS,
                lambda v, _o: ngettext(
                    "who were here in the last day", "who were here in the last %(num)s days", v["days"]
                ),
                asking.within(Member.last_seen_at),
            ),
            "before": Operator(
                _l("longer ago than"),
                DAYS,
                lambda v, _o: ngettext("who were not here for a day", "who were not here for %(num)s days", v["days"]),
                asking.before(Member.last_seen_at),
            ),
        },
    ),
    "interest": Field(
        _l("Subject they chose"),
        MEMBER,
        {
            "is": Operator(
                _l("is"),
                one_of("themes", _l("subject")),
                named(lambda name: _("who chose %(subject)s as a subject", subject=name), "themes"),
                asking.chose_subject,
            ),
        },
    ),
    "club": Field(
        _l("Club"),
        MEMBER,
        {
            "is": Operator(
                _l("the one of"),
                one_of("clubs", _l("month")),
                named(lambda name: _("who are in the club of %(month)s", month=name), "clubs"),
                asking.is_in_club,
            ),
            "any": Operator(_l("any"), (), lambda v, _o: _("who are in a club"), asking.is_in_club),
        },
    ),
    "consent": Field(
        _l("Agreed to"),
        MEMBER,
        {
            "is": Operator(
                _l("agreed to"),
                one_of("purposes", _l("use")),
                named(lambda name: _("who agreed to %(use)s", use=name), "purposes"),
                lambda _a, v: getattr(Member, Purpose(v["value"])).is_(True),
            ),
        },
    ),
    "phase": Field(
        _l("Phase"),
        RELATION,
        {
            "is": Operator(
                _l("is"),
                one_of("phases", _l("phase")),
                named(lambda name: _("who are in the phase %(phase)s", phase=name), "phases"),
                lambda _a, v: Standing.phase == v["value"],
            ),
            "reached": Operator(
                _l("is at least"),
                one_of("phases", _l("phase")),
                named(lambda name: _("who are in the phase %(phase)s or further", phase=name), "phases"),
                asking.reached,
            ),
        },
    ),
    "stage": Field(
        _l("See, Think, Do, Care"),
        RELATION,
        {
            "is": Operator(
                _l("is"),
                one_of("stages", _l("stage")),
                named(lambda name: _("who are at %(stage)s", stage=name), "stages"),
                lambda _a, v: Standing.stage == v["value"],
            ),
        },
    ),
    "contacts": Field(
        _l("Contacts with us"),
        RELATION,
        {
            "at_least": Operator(
                _l("at least"),
                TIMES,
                lambda v, _o: ngettext(
                    "who had contact with us", "who had contact with us at least %(num)s times", v["number"]
                ),
                asking.at_least(Standing.contact_count),
            ),
        },
    ),
    "last_contact": Field(
        _l("Last contact"),
        RELATION,
        {
            "within": Operator(
                _l("in the last"),
                DAYS,
                lambda v, _o: ngettext(
                    "whose last contact with us was in the last day",
                    "whose last contact with us was in the last %(num)s days",
                    v["days"],
                ),
                asking.within(Standing.last_contact_at),
            ),
            "before": Operator(
                _l("longer ago than"),
                DAYS,
                lambda v, _o: ngettext(
                    "whose last contact with us was more than a day ago",
                    "whose last contact with us was more than %(num)s days ago",
                    v["days"],
                ),
                asking.before(Standing.last_contact_at),
            ),
        },
    ),
    "read": Field(
        _l("Reading"),
        DEEDS,
        {
            "about": Operator(
                _l("about a subject"), (*one_of("themes", _l("subject")), *TIMES, *DAYS), _says_read, asking.read_about
            ),
            "things": Operator(
                _l("about a subject, each page once"),
                (*one_of("themes", _l("subject")), *TIMES, *DAYS),
                _says_read_things,
                asking.read_things_about,
            ),
            "any": Operator(_l("about anything"), (*TIMES, *DAYS), _says_read_any, asking.read_about),
        },
    ),
    "written": Field(
        _l("Writing"),
        DEEDS,
        {
            "at_least": Operator(
                _l("at least"),
                TIMES,
                lambda v, _o: ngettext("who wrote something", "who wrote at least %(num)s times", v["number"]),
                asking.at_least(Standing.written_count),
            ),
        },
    ),
    "reviews": Field(
        _l("Reviews"),
        DEEDS,
        {
            "at_least": Operator(
                _l("at least"),
                a_number(_l("reviews")),
                lambda v, _o: ngettext("who wrote a review", "who wrote at least %(num)s reviews", v["number"]),
                asking.at_least(Standing.review_count),
            ),
        },
    ),
    **PURCHASES,
    "ambassador": Field(
        _l("Ambassador"),
        REST,
        {
            "is": Operator(
                _l("is one"), (), lambda v, _o: _("who are ambassadors"), lambda _a, _v: Standing.tier != ""
            ),
            "points": Operator(
                _l("points, at least"),
                a_number(_l("points")),
                lambda v, _o: ngettext("who have a point", "who have at least %(num)s points", v["number"]),
                asking.at_least(Standing.points),
            ),
            "friends": Operator(
                _l("friends brought, at least"),
                a_number(_l("friends")),
                lambda v, _o: ngettext("who brought a friend", "who brought at least %(num)s friends", v["number"]),
                asking.at_least(Standing.friend_count),
            ),
        },
    ),
    "complaint": Field(
        _l("Complaint"),
        REST,
        {
            "open": Operator(
                _l("open"),
                (),
                lambda v, _o: _("who have an open complaint"),
                lambda _a, _v: Standing.complaint_count > 0,
            ),
        },
    ),
    **HAPPENINGS,
}


def operator_of(field: str, operator: str) -> Operator | None:
    """One way to ask a field; None where there is no such thing."""
    return FIELDS[field].operators.get(operator) if field in FIELDS else None
