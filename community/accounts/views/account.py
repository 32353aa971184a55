"""`/account/`: what we know about somebody, what interests them, and what we mail."""

from typing import Any

from flask import Blueprint, flash, g, redirect, request
from flask_babel import gettext as _

from community.accounts import actions, queries
from community.accounts.completeness import completeness_of
from community.core import clock
from community.core.db import unit_of_work
from community.core.permissions import Permission
from community.items import queries as items
from community.items.models import Tag
from community.messages.queries.bounces import suppression_of
from community.personalisation import actions as personalisation
from community.personalisation import queries as learned
from community.profiles import actions as profiles
from community.profiles import queries as profile_queries
from community.web.access import current_member, needs
from community.web.answers import back, page
from community.web.forms import Form

bp = Blueprint("account", __name__, url_prefix="/account")
WEIGHTS = {"1": 1, "0": 0, "-1": -1}


@bp.get("/")
@needs(Permission.ACCOUNT_OWN)
def overview() -> Any:
    """What we know about you: every fact with its source, its use, and a way to change it."""
    member = current_member()
    known = queries.known_about(member, clock.today(member.site.zone))
    stop = suppression_of(member.email or "")
    whole = completeness_of(member, known)
    return page("accounts/overview.html", known=known, whole=whole, stop=stop, form=Form(formdata=None))


@bp.route("/interests", methods=["GET", "POST"])
@needs(Permission.ACCOUNT_OWN)
def interests() -> Any:
    """More or less of each theme; and the buttons under "Why am I seeing this?" """
    form, member = Form(), current_member()
    if form.accepted():
        asked, _colon, key = request.form.get("action", "")[:60].partition(":")
        with unit_of_work():
            saying = ANSWERS.get(asked, _keep_choices)(key)
        flash(saying)
        return redirect(back("/account/interests"), 303)
    told = {interest.tag_id: interest for interest in profile_queries.interests_of(member)}
    themes = items.themes(g.site)
    others = [i.tag for i in told.values() if not i.tag.is_theme and i.tag.site == g.site]
    profile = profile_queries.profile_of(member)
    return page(
        "accounts/interests.html",
        form=form,
        tags=[(tag, told[tag.id].weight if tag.id in told else 0) for tag in [*themes, *others]],
        learned=learned.learned_interests(member),
        uses_reading=profile is None or profile.uses_reading,
        refused_count=queries.counts_of(member).dismissed,
    )


def _more_or_less(weight: int, key: str) -> str:
    """More or less of a subject (`tag:3`) or of what an item (`article:12`) is about."""
    member = current_member()
    if not key.startswith("tag:"):
        item = queries.item_with_tags(g.site, key)
        return _said(actions.weigh_item(member, item, weight) if item else [], weight)
    tag = queries.tag_by_key(g.site, key)
    if tag is not None:
        profiles.set_interest(member, tag, weight)
    return _said([tag] if tag else [], weight)


def _said(tags: list[Tag], weight: int) -> str:
    names = ", ".join(tag.name for tag in tags)
    if not names:
        return _("Kept.")
    if weight > 0:
        return _("You will see more about %(subjects)s.", subjects=names)
    return _("You will see less about %(subjects)s.", subjects=names)


def _not_this(key: str) -> str:
    item = queries.item_with_tags(g.site, key)
    if item is not None:
        personalisation.dismiss(current_member(), item)
    return _("You will not see this one again.")


def _use_reading(uses: bool) -> str:
    profiles.profile_for(current_member()).uses_reading = uses
    return (
        _("What you read chooses again what you see.") if uses else _("What you read no longer chooses what you see.")
    )


def _begin_anew(_key: str) -> str:
    personalisation.forget(current_member())
    return _("We forgot what you read here and what we showed you. What you chose yourself stays.")


def _show_refused(_key: str) -> str:
    personalisation.take_back_dismissals(current_member())
    return _("What you did not want to see may come again.")


def _keep_choices(_key: str) -> str:
    """The page's own form: each subject of the site that it names."""
    member = current_member()
    told = {interest.tag_id: interest.tag for interest in profile_queries.interests_of(member)}
    tags = {**told, **{theme.id: theme for theme in items.themes(g.site)}}
    for tag in tags.values():
        weight = WEIGHTS.get(request.form.get(f"tag-{tag.id}", ""))
        if weight is not None:
            profiles.set_interest(member, tag, weight)
    return _("Your interests are kept.")


ANSWERS = {
    "less": lambda key: _more_or_less(-1, key),
    "more": lambda key: _more_or_less(1, key),
    "usual": lambda key: _more_or_less(0, key),
    "not-this": _not_this,
    "stop-reading": lambda _key: _use_reading(False),
    "no-history": lambda _key: _use_reading(False),
    "use-reading": lambda _key: _use_reading(True),
    "begin-anew": _begin_anew,
    "show-refused": _show_refused,
}
