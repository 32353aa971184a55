"""How the figures and their columns are called, and what each number counts."""

from flask_babel import lazy_gettext as _l

FIGURES = {
    "key": _l("At a glance"),
    "hourglass": _l("From knowing us to telling others"),
    "stages": _l("Where they are"),
    "weeks": _l("Active and returning, by week"),
    "articles": _l("What is read, and to the end"),
    "boards": _l("Boards and their answers"),
    "ambassadors": _l("Ambassadors and their friends"),
    "shop": _l("Reviews and orders, by week"),
}
FIRST_COLUMN = {
    "key": _l("Figure"),
    "hourglass": _l("Phase"),
    "stages": _l("Week or age"),
    "weeks": _l("Week"),
    "articles": _l("Article"),
    "boards": _l("Board"),
    "ambassadors": _l("Ambassador"),
    "shop": _l("Week"),
}
COLUMNS = {
    "key": {"now": _l("This period"), "before": _l("The time before")},
    "hourglass": {"here": _l("Are here"), "farther": _l("Here or farther"), "came": _l("Came here in the period")},
    "stages": {"members": _l("Members")},
    "weeks": {"active": _l("Active"), "returning": _l("Of them active the week before")},
    "articles": {"reads": _l("Reads"), "ends": _l("Read to the end")},
    "boards": {"topics": _l("Conversations begun"), "answered": _l("Of them answered")},
    "ambassadors": {"friends": _l("Friends brought")},
    "shop": {"reviews": _l("Reviews"), "orders": _l("Orders")},
}
KEYS = {
    "active": (_l("Active members"), _l("Members who read, wrote, bought or did anything else here.")),
    "back": (_l("Came back"), _l("Members active in this period and in the one before it.")),
    "joined": (_l("New members"), _l("Members who registered.")),
    "topics": (
        _l("Conversations begun"),
        _l("Questions and stories, never of an anonymous parent."),
    ),
    "answered": (_l("Conversations answered"), _l("Conversations of the period that somebody has answered by now.")),
    "reviews": (_l("Reviews"), _l("Reviews that others could read from then on.")),
    "orders": (_l("Orders"), _l("Orders placed, returns not taken off.")),
    "friends": (_l("Friends brought"), _l("Friends who came by an ambassador and counted.")),
}
