"""The fields that ask what happened lately: each enters by itself as time goes by, and ends so too."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from community.segments.queries import happened
from community.segments.queries.asking import Values
from community.segments.queries.choices import Offer
from community.segments.queries.kinds import DAYS, DEEDS, MEMBER, Field, Input, Operator, named, one_of
from community.touchpoints.models import Verb

MONTH = (Input("month", _l("months"), 1, 36),)


def _says_few_stars(values: Values, _offer: Offer) -> str:
    return ngettext(
        "who gave a product one star in the last %(days)s days",
        "who gave a product %(num)s stars or fewer in the last %(days)s days",
        values["stars"],
        days=values["days"],
    )


def _says_unanswered(values: Values, _offer: Offer) -> str:
    return ngettext(
        "who asked something in the last %(days)s days that nobody has answered for an hour",
        "who asked something in the last %(days)s days that nobody has answered for %(num)s hours",
        values["hours"],
        days=values["days"],
    )


HAPPENINGS: dict[str, Field] = {
    "muted": Field(
        _l("Subject they muted"),
        MEMBER,
        {
            "no": Operator(
                _l("not muted"),
                one_of("themes", _l("subject")),
                named(lambda name: _("who did not mute %(subject)s", subject=name), "themes"),
                lambda asked, values: ~happened.mutes(asked, values),
            ),
            "yes": Operator(
                _l("muted"),
                one_of("themes", _l("subject")),
                named(lambda name: _("who muted %(subject)s", subject=name), "themes"),
                happened.mutes,
            ),
        },
    ),
    "month": Field(
        _l("Month reached this week"),
        MEMBER,
        {
            "child": Operator(
                _l("by their child"),
                MONTH,
                lambda v, _o: ngettext(
                    "whose child became a month old this week",
                    "whose child became %(num)s months old this week",
                    v["month"],
                ),
                happened.child_reaches,
            ),
            "club": Operator(
                _l("by their club"),
                MONTH,
                lambda v, _o: ngettext(
                    "whose club reaches its first month this week",
                    "whose club reaches month %(num)s this week",
                    v["month"],
                ),
                happened.club_reaches,
            ),
        },
    ),
    "unanswered": Field(
        _l("Question without an answer"),
        DEEDS,
        {
            "waits": Operator(
                _l("waits for"),
                (Input("hours", _l("hours"), 1, 720), Input("days", _l("days at most"), 1, 365)),
                _says_unanswered,
                happened.waits_for_an_answer,
            ),
        },
    ),
    "first_story": Field(
        _l("First story in a blog"),
        DEEDS,
        {
            "within": Operator(
                _l("in the last"),
                DAYS,
                lambda v, _o: ngettext(
                    "who published a first story in the last day",
                    "who published a first story in the last %(num)s days",
                    v["days"],
                ),
                happened.began_a_blog,
            ),
        },
    ),
    "helped": Field(
        _l("Answer of theirs that helped"),
        DEEDS,
        {
            "within": Operator(
                _l("in the last"),
                DAYS,
                lambda v, _o: ngettext(
                    "whose answer helped somebody in the last day",
                    "whose answer helped somebody in the last %(num)s days",
                    v["days"],
                ),
                happened.known("helped", Verb.POST_WRITTEN),
            ),
        },
    ),
    "stars": Field(
        _l("Stars they gave"),
        DEEDS,
        {
            "at_most": Operator(
                _l("at most"),
                (Input("stars", _l("stars"), 1, 5), *DAYS),
                _says_few_stars,
                happened.gave_few_stars,
            ),
        },
    ),
    "featured": Field(
        _l("Story that editors show"),
        DEEDS,
        {
            "within": Operator(
                _l("in the last"),
                DAYS,
                lambda v, _o: ngettext(
                    "whose story came to the front page in the last day",
                    "whose story came to the front page in the last %(num)s days",
                    v["days"],
                ),
                happened.known("featured", Verb.STORY_PUBLISHED),
            ),
        },
    ),
}
