"""Every column that holds something about a person: why, how long, and what an erasure does to it.

The export and the erasure read this page and nothing else. A table with a member's key, or a column with text, that
stands neither here nor among `NOBODYS` fails a test until somebody has thought about it."""

from dataclasses import dataclass
from enum import StrEnum

from flask_babel import lazy_gettext as _l


class Erased(StrEnum):
    """What is left of a row when the person goes."""

    GONE = "gone"  # nothing
    NAMELESS = "nameless"  # the row, without its key and without its `words`
    PLACE = "place"  # the row, emptied by its room, so that what was written keeps its place


@dataclass(frozen=True)
class Held:
    """Rows of one table that are about a person, by the column that leads to them.

    The column holds the member's number, what `written` makes of it, or (`through`) the `by` of another table's row.
    The export shows no `secrets`, no numbers of other people but in `shows`, and no rows that are somebody else's."""

    table: str
    key: str
    what: object  # as the export calls them
    kept: str  # how long
    erased: Erased = Erased.GONE
    words: tuple[str, ...] = ()  # text of, or about, the person
    secrets: tuple[str, ...] = ()  # what opens a door
    shows: tuple[str, ...] = ()
    written: str = "{}"
    through: str = ""
    by: str = "id"
    is_exported: bool = True


STAYS = "until the member leaves"
# In the order of an erasure: what is found through other rows comes before them.
PERSONAL = (
    Held("members", "id", _l("Who you are"), STAYS, Erased.PLACE,
         words=("email", "new_email", "name", "name_skeleton", "username", "title", "group_ids", "withheld",
                "role_names"),
         secrets=("password_hash", "name_skeleton")),
    Held("profiles", "member_id", _l("Profile"), STAYS, words=("town", "about", "partner_role", "visible_to")),
    Held("children", "member_id", _l("Pregnancies and children"), STAYS, words=("kind",)),
    Held("interests", "member_id", _l("Interests you chose"), STAYS),
    Held("tasks_done", "member_id", _l("Things you ticked off"), STAYS, words=("task_key",)),
    Held("facts", "member_id", _l("What we were told about you elsewhere"), STAYS, words=("name", "value", "source")),
    Held("standings", "member_id", _l("How close we are, by what you did here"), "until you take back your yes",
         words=("phase", "highest_phase", "phase_reasons", "stage", "evidence", "tier")),
    Held("phase_changes", "member_id", _l("How we came closer"), "until you take back your yes",
         words=("before", "phase")),
    Held("segments", "maker_id", _l("Audiences that you made"), "as long as the audience", Erased.NAMELESS),
    Held("segment_sendings", "crossing_id", _l("What became of messages to you"), "13 months", words=("state", "why"),
         through="segment_crossings"),
    Held("segment_crossings", "member_id", _l("Audiences that you came into"),
         "13 months; as long as the audience, where its message comes once", words=("state", "answer")),
    Held("consents", "member_id", _l("What you agreed to"), STAYS, words=("purpose", "words_version", "source")),
    Held("data_uses", "member_id", _l("How often what we know of you was used"), "13 months", words=("use", "month")),
    Held("sign_ins", "member_id", _l("Browsers signed in"), "90 days", words=("browser",), secrets=("digest",)),
    Held("tokens", "member_id", _l("Links that we mailed"), "7 days at most", words=("use",), secrets=("digest",)),
    Held("second_steps", "member_id", _l("Your second step at sign-in"), "until it is switched off",
         secrets=("salt", "spare_digests")),
    Held("touchpoints", "member_id", _l("Contacts with this site"), "reading 13 months, deeds as long as the member",
         words=("verb", "visitor_id", "about", "channel", "allows", "facts")),
    Held("reads", "person", _l("What you read"), "13 months", words=("person",), written="m{}"),
    Held("shown", "person", _l("What we showed you"), "60 days", words=("person", "slot", "channel", "arm", "tier"),
         written="m{}"),
    Held("trials", "person", _l("Which of two ways to choose for you"), "as long as the experiment",
         words=("person", "arm"), written="m{}"),
    Held("experiments", "maker_id", _l("Experiments that you began"), "as long as the experiment", Erased.NAMELESS),
    Held("read_positions", "member_id", _l("How far you have read"), STAYS),
    Held("board_marks", "member_id", _l("Boards you marked as read"), STAYS),
    Held("dismissed", "member_id", _l("What you did not want to see"), STAYS),
    Held("follows", "member_id", _l("What you follow, mute or block"), STAYS, words=("stance",), shows=("person_id",)),
    Held("follows", "person_id", _l("Who follows you"), "as long as the other one wants", is_exported=False),
    Held("memberships", "member_id", _l("Your clubs"), "until the member leaves the club"),
    Held("ambassadors", "member_id", _l("Your place among the ambassadors"), STAYS, words=("code",)),
    Held("point_entries", "member_id", _l("How your points came"), STAYS,
         words=("reason", "about", "state", "why_refused")),
    Held("referrals", "ambassador_id", _l("Friends you brought"), STAYS, words=("state", "why")),
    Held("referrals", "friend_id", _l("That a friend brought you"), STAYS, words=("state", "why")),
    Held("referrals", "decided_by_id", _l("Friends of others that you decided about"), "as long as the ambassador",
         Erased.NAMELESS, is_exported=False),
    Held("declined_offers", "member_id", _l("Clubs you did not want"), STAYS, words=("month",)),
    Held("thanks", "member_id", _l("What you thanked for"), STAYS),
    Held("review_votes", "member_id", _l("Reviews that you found helpful, or not"), STAYS),
    Held("drafts", "member_id", _l("Drafts"), STAYS, words=("about", "fields")),
    Held("case_messages", "case_id", _l("What you and our service wrote"), STAYS, words=("body", "mail_key"),
         secrets=("body_html",), through="cases"),
    Held("cases", "member_id", _l("What you asked our service"), STAYS,
         words=("kind", "state", "subject", "about", "email", "name")),
    Held("cases", "email", _l("What you asked our service before you were a member"), STAYS,
         words=("kind", "state", "subject", "about", "email", "name"), through="members", by="email"),
    Held("cases", "owner_id", _l("Cases that you answered"), "as long as the case", Erased.NAMELESS),
    Held("case_messages", "author_id", _l("What you wrote for our service"), "as long as the case", Erased.NAMELESS,
         is_exported=False),
    Held("mails", "member_id", _l("Mails to you"), "30 days",
         words=("old_address", "to_address", "mail_class", "name", "subject", "text", "html", "why_failed", "ends")),
    Held("mails", "to_address", _l("Mails to you before you were a member"), "30 days",
         words=("subject", "text", "html"), through="members", by="email"),
    Held("subscribers", "address", _l("What a list from elsewhere told of your address"), STAYS,
         words=("address", "name", "state", "source"), through="members", by="email"),
    Held("bounces", "address", _l("What mail servers told of your address"), STAYS,
         words=("address", "source", "kind", "status", "reason"), through="members", by="email"),
    Held("notice_choices", "member_id", _l("What you want to hear of"), STAYS, words=("bell", "mail")),
    Held("weekly_letters", "member_id", _l("Weekly letters to you"), STAYS, words=("week",)),
    Held("notices", "member_id", _l("Notices to you"), STAYS, words=("key", "kind", "actor_name", "path", "facts")),
    Held("notices", "actor_id", _l("Notices to others about you"), "as long as the other member", Erased.NAMELESS,
         words=("facts",), is_exported=False),
    Held("order_lines", "order_id", _l("What you bought"), "as long as the order", Erased.NAMELESS, through="orders"),
    Held("orders", "customer_id", _l("Your orders"), "the order stays in the shop's figures, without a name",
         Erased.NAMELESS, through="customers"),
    Held("customers", "member_id", _l("How our shops know you"), STAYS,
         words=("source", "external_id", "email", "name")),
    Held("pictures", "uploader_id", _l("Your pictures"), STAYS, words=("alt", "label"), secrets=("digest",)),
    Held("room_visits", "member_id", _l("Rooms of the chat you were in"), STAYS),
    # what others must be able to account for
    Held("appeals", "decision_id", _l("Decisions you did not agree with"), STAYS, Erased.NAMELESS, words=("words",),
         through="decisions"),
    Held("appeals", "decided_by_id", _l("Appeals you decided"), "as long as the decision", Erased.NAMELESS),
    Held("decisions", "pseudonym_id", _l("Decisions about what you wrote as an anonymous parent"), STAYS,
         Erased.NAMELESS, words=("words", "facts"), through="pseudonyms"),
    Held("decisions", "person_id", _l("Decisions about you"), STAYS, Erased.NAMELESS, words=("words", "facts")),
    Held("decisions", "moderator_id", _l("Decisions you took"), "as long as the other member", Erased.NAMELESS),
    Held("reports", "reporter_id", _l("What you reported"), STAYS, Erased.NAMELESS, words=("reason", "note")),
    Held("concerns", "person_id", _l("What was reported about you"), STAYS, words=("about", "kind", "reason"),
         secrets=("open_key",)),
    Held("concerns", "taken_by_id", _l("Reports you looked at"), "as long as the report", Erased.NAMELESS),
    Held("notes", "person_id", _l("What moderators noted about you"), STAYS, words=("words",)),
    Held("notes", "moderator_id", _l("What you noted about others"), "as long as the other member", Erased.NAMELESS),
    Held("audit_entries", "actor_id", _l("Actions that others must be able to account for"), "1 year at least",
         Erased.NAMELESS, secrets=("digest",)),
    Held("audit_entries", "about", _l("Actions about you"), "1 year at least", Erased.NAMELESS, written="member:{}"),
    # what is published
    Held("post_versions", "post_id", _l("Earlier words of what you wrote"), STAYS, words=("body",), through="posts"),
    Held("posts", "pseudonym_id", _l("What you wrote as an anonymous parent"), STAYS, Erased.NAMELESS,
         through="pseudonyms"),
    Held("posts", "author_id", _l("What you wrote"), "as the member chose: stays without a name, or goes",
         Erased.NAMELESS, secrets=("body_html",)),
    Held("lines", "author_id", _l("What you said in the chat"), "90 days, 1 year where it was reported",
         Erased.NAMELESS, secrets=("body_html",)),
    Held("pseudonyms", "member_id", _l("Your names as an anonymous parent"), STAYS),
    Held("blogs", "owner_id", _l("Your blogs"), STAYS),
    Held("blog_posts", "feature_asked_by_id", _l("Stories that you wanted to show"), "as long as the story",
         Erased.NAMELESS, is_exported=False),
    Held("articles", "reviewer_id", _l("Articles that you checked"), "as long as the article", Erased.NAMELESS),
    Held("revisions", "editor_id", _l("Versions that you saved"), "as long as the article", Erased.NAMELESS),
    Held("reviews", "id", _l("Your reviews of products"), "as the member chose: stays without a name, or goes",
         Erased.NAMELESS, secrets=("body_html",), through="items"),
    Held("items", "author_id", _l("What you published"), "as the member chose: stays without a name, or goes",
         Erased.NAMELESS),
)  # fmt: skip

# Columns with text that are about nobody, or whose person is found by no key: each with where the rest is told.
NOBODYS = {
    "appeals": (),
    "articles": ("body", "body_html", "sources"),
    "audit_entries": ("deed", "about", "facts", "digest"),  # keys and numbers; typed reasons go: see `core/audit.py`
    "blog_posts": ("body", "body_html", "held_because"),  # emptied or left by the author's choice, as posts are
    "bookmarks": ("projection",),
    "co_reads": (),
    "neighbours": ("others",),  # numbers of items, of which each was read by several
    "learned_weights": ("slot", "tiers"),
    "peer_lifts": (),  # logarithms of sums, drawn to nothing where few read
    "collections": ("kind", "slug", "path", "title", "description", "translation_key"),
    "concerns": ("about", "open_key", "kind", "reason"),
    "decisions": ("about", "deed", "reason"),
    "deeds": ("key", "path"),  # 30 days; those that lead to what is erased go with it
    "experiments": ("slot", "name", "rules"),
    "generations": ("site",),
    "groups": ("month",),
    "index_changes": ("key",),  # keys of things alone
    "imported_rows": ("site", "source", "kind", "key", "digest"),
    "items": ("kind", "visibility", "title", "summary", "slug", "path", "stage_basis", "translation_key", "state",
              "author_name"),
    "jobs": ("name", "arguments", "state", "unique_key", "last_error"),  # numbers, and random names of files; 14 days
    "kept_texts": ("digest", "about", "title", "body", "more"),  # of whoever holds its token: days, then gone
    "lines": ("state", "held_because", "body", "body_html"),
    "limit_counts": ("key",),  # a day
    "mails": ("state",),
    "members": ("password_hash", "state"),
    "old_addresses": ("path",),
    "order_lines": ("sku", "title"),
    "product_relations": ("kind",),
    "orders": ("source", "number", "state", "currency"),
    "pictures": ("name", "suffix", "widths", "digest"),
    "posts": ("body", "body_html", "held_because", "imported_key", "state", "author_name"),
    "products": ("brand", "category", "gtin", "shop_url", "currency", "body", "body_html"),
    "reviews": ("age_band", "body", "body_html", "good", "less_good", "held_because"),
    "revisions": ("fields",),
    "segments": ("name", "conditions"),
    "segment_messages": ("subject", "text", "path"),
    "segment_watches": ("address",),  # of another system of ours
    "rooms": ("slug", "title", "description"),
    "search_counts": ("site", "words"),  # 90 days, of nobody
    "search_promotions": ("site", "words"),
    "search_synonyms": ("site", "words"),
    "slot_settings": ("slot", "rules"),
    "stage_notes": ("headline", "body", "source_title", "source_url"),
    "stage_tasks": ("key", "title", "hint"),
    "tags": ("slug", "name", "description", "translation_key"),
    "topics": ("lock_reason", "slow_reason"),  # a moderator's words to all
    "variants": ("sku", "title"),
    "watched_words": ("word",),
}  # fmt: skip
