"""The pages of an account, a room for each: the door, what we know, children, privacy, others' view."""

from community.accounts.views import (
    account,
    changed,
    children,
    door,
    following,
    privacy,
    profile,
    reset,
    second_step,
    security,
    visitors,
)

BLUEPRINTS = (
    door.bp,
    reset.bp,
    account.bp,
    children.bp,
    changed.bp,
    profile.bp,
    following.bp,
    privacy.bp,
    security.bp,
    second_step.bp,
    visitors.bp,
)
ON_CACHED_PAGES = (visitors.consent, visitors.theme)
