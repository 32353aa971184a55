"""Everything that somebody may be allowed to do, and which role allows it. Nothing else decides this.

A permission is named `thing.deed`. A staff role is held for one site or for all."""

from enum import StrEnum


class Permission(StrEnum):
    """What a view or a policy can ask for, in alphabetical order."""

    ACCOUNT_OWN = "account.own"
    ARTICLE_PUBLISH = "article.publish"
    ARTICLE_WRITE = "article.write"
    AUDIT_VIEW = "audit.view"
    BLOG_FEATURE = "blog.feature"
    CASE_ANSWER = "case.answer"
    INSIGHT_VIEW = "insight.view"
    JOBS_VIEW = "jobs.view"
    MEMBER_MUTE = "member.mute"
    MEMBER_SUSPEND = "member.suspend"
    MEMBER_VIEW = "member.view"
    OUTBOX_VIEW = "outbox.view"
    POST_HIDE = "post.hide"
    POST_WRITE = "post.write"
    PROFILE_VIEW = "profile.view"
    REFERRAL_DECIDE = "referral.decide"
    ROLE_GRANT = "role.grant"
    SEGMENT_EXPORT = "segment.export"
    SEGMENT_KEEP = "segment.keep"
    SLOT_KEEP = "slot.keep"
    TOPIC_KEEP = "topic.keep"
    WRITER_REVEAL = "writer.reveal"


class Role(StrEnum):
    """The roles of `product.md`. Every member is a MEMBER without a row that says so."""

    MEMBER = "member"
    EXPERT = "expert"
    EDITOR = "editor"
    PUBLISHER = "publisher"
    MODERATOR = "moderator"
    MARKETER = "marketer"
    SERVICE = "service"
    ADMIN = "admin"


_EVERY_MEMBER = frozenset({Permission.ACCOUNT_OWN, Permission.POST_WRITE})
_EVERY_EDITOR = frozenset(
    {Permission.ARTICLE_WRITE, Permission.ARTICLE_PUBLISH, Permission.BLOG_FEATURE, Permission.SLOT_KEEP}
)

ALLOWS: dict[Role, frozenset[Permission]] = {
    Role.MEMBER: _EVERY_MEMBER,
    Role.EXPERT: frozenset(),
    Role.EDITOR: _EVERY_EDITOR,
    Role.PUBLISHER: _EVERY_EDITOR,
    Role.MODERATOR: frozenset(
        {
            Permission.AUDIT_VIEW,
            Permission.MEMBER_MUTE,
            Permission.MEMBER_SUSPEND,
            Permission.POST_HIDE,
            Permission.TOPIC_KEEP,
            Permission.WRITER_REVEAL,
        }
    ),
    Role.MARKETER: frozenset(
        {
            Permission.INSIGHT_VIEW,
            Permission.MEMBER_VIEW,
            Permission.PROFILE_VIEW,
            Permission.REFERRAL_DECIDE,
            Permission.SEGMENT_EXPORT,
            Permission.SEGMENT_KEEP,
            Permission.SLOT_KEEP,
        }
    ),
    Role.SERVICE: frozenset({Permission.CASE_ANSWER, Permission.MEMBER_VIEW, Permission.PROFILE_VIEW}),
    Role.ADMIN: frozenset(Permission),
}

STAFF_ROLES = tuple(role for role in Role if role not in (Role.MEMBER, Role.EXPERT))
_STAFF_ALONE = frozenset(Permission) - _EVERY_MEMBER


def is_for_staff(access: str | None) -> bool:
    """Whether a view with this mark is one that plain members never come to."""
    return access in _STAFF_ALONE
