"""`create_app()`: the only module that knows every room, and the table of who reacts to what."""

from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from flask import Flask, current_app, g, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_compress import Compress
from flask_migrate import Migrate
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from community.accounts import actions as account_actions
from community.accounts import views as accounts
from community.ambassadors import projections as rewarded
from community.ambassadors import views as ambassadors
from community.ambassadors.views.links import note_friend
from community.articles import commands as article_commands
from community.articles import views as articles
from community.articles.queries import searched as articles_searched
from community.blogs import actions as blog_actions
from community.blogs import queries as blog_queries
from community.blogs import views as blogs
from community.chat import actions as chat
from community.chat import queries as chat_queries
from community.chat import views as chat_views
from community.comments import views as comments
from community.core import clock, seal, settings, transport, wakeups
from community.core.bell import bell
from community.core.db import db, engine_options
from community.core.limits import limiter
from community.core.permissions import Permission
from community.core.redis import client_of
from community.demo import commands as demo_commands
from community.forums import commands as forum_commands
from community.forums import views as forums
from community.forums.queries.helpers import helpers_since
from community.home import views as home
from community.insights import views as insights
from community.items import actions as item_actions
from community.items import queries as items
from community.marketing import actions as marketing
from community.marketing import commands as marketing_commands
from community.marketing import projections as marketed
from community.marketing import views as marketing_views
from community.media import store
from community.media import views as media
from community.members import second_step
from community.members import views as members
from community.messages import commands as message_commands
from community.messages import views as messages
from community.messages.actions import choices, mails, notices
from community.moderation import commands as moderation_commands
from community.moderation import views as moderation
from community.moderation.actions import screening
from community.moderation.queries import things
from community.operations import commands as operation_commands
from community.operations import erasures
from community.operations import views as operations
from community.operations.actions import leaving
from community.operations.views import machines
from community.personalisation import commands as recommend_commands
from community.personalisation import projections as reading
from community.personalisation import views as slots
from community.personalisation.views import showing
from community.profiles import actions as profiles
from community.reviews import commands as review_commands
from community.reviews import views as reviews
from community.reviews.actions import reviews as review_actions
from community.reviews.queries import searched as reviews_searched
from community.reviews.queries.given import given_since
from community.search import commands as search_commands
from community.search import documents
from community.search import views as search
from community.search.place import place as index_place
from community.segments import sending
from community.segments.queries import happened
from community.service import commands as service_commands
from community.service import views as service
from community.shop import commands as shop_commands
from community.shop import views as shop
from community.simulation import commands as simulation_commands
from community.sites import views as sites
from community.sites.models import Site
from community.touchpoints import actions as record
from community.touchpoints import commands as touchpoint_commands
from community.touchpoints import views as touchpoints
from community.touchpoints.models import Verb
from community.web import assets, cache, doorstep, errors, headers, letters, logs, moments, numbering, pieces, words
from community.web.access import current_member
from community.web.application import Application

MIGRATIONS = settings.ROOT / "migrations"
BLUEPRINTS = (
    *accounts.BLUEPRINTS,
    *ambassadors.BLUEPRINTS,
    *articles.BLUEPRINTS,
    *blogs.BLUEPRINTS,
    comments.bp,
    *chat_views.BLUEPRINTS,
    *forums.BLUEPRINTS,
    home.bp,
    insights.bp,
    *marketing_views.BLUEPRINTS,
    media.bp,
    *messages.BLUEPRINTS,
    *moderation.BLUEPRINTS,
    operations.bp,
    *reviews.BLUEPRINTS,
    *search.BLUEPRINTS,
    *slots.BLUEPRINTS,
    *service.BLUEPRINTS,
    *shop.BLUEPRINTS,
)
COMMANDS = (
    *article_commands.COMMANDS,
    *demo_commands.COMMANDS,
    *forum_commands.COMMANDS,
    *message_commands.COMMANDS,
    *operation_commands.COMMANDS,
    *recommend_commands.COMMANDS,
    *review_commands.COMMANDS,
    *search_commands.COMMANDS,
    *shop_commands.COMMANDS,
    *service_commands.COMMANDS,
    *simulation_commands.COMMANDS,
    marketing_commands.marketing,
    moderation_commands.moderation,
    touchpoint_commands.touchpoints,
)
# Who reads the record of contacts, in this order.
PROJECTIONS = (reading.reading, marketed.phases, rewarded.points)
csrf = CSRFProtect()


def create_app(**overrides: Any) -> Flask:
    """The whole site. Arguments win over the environment: `create_app(DATA_DIR=…, TESTING=True)`."""
    app = Application(__name__, static_folder=None)
    app.config.update(settings.load(**overrides))
    _configure(app)
    _store(app)
    _frame(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    for command in COMMANDS:
        app.cli.add_command(command)
    touchpoints.init_app(app, csrf)
    for view in (*accounts.ON_CACHED_PAGES, *forums.ON_CACHED_PAGES, *home.ON_CACHED_PAGES, *messages.WITHOUT_TOKEN):
        csrf.exempt(view)
    _hand_over()
    return app


def _hand_over() -> None:
    """What lower rooms must learn from higher ones."""
    mails.render_with(letters.render_letter, letters.has_mail_server, letters.address_to_end)
    choices.forget_with(lambda member: leaving.erase(member, with_posts=False))
    account_actions.WHEN_REGISTERED[:] = [note_friend]
    record.WHEN_ROWS_GO[:] = [marketing.member_lost_rows]
    item_actions.WHEN_STATE_CHANGES[:] = [review_actions.count_again]
    screening.VERBS.update(review=Verb.REVIEW_WRITTEN, blogpost=Verb.STORY_PUBLISHED)
    screening.WHEN_LIVE[:] = [blog_actions.tell_when_live]
    profiles.WHEN_GUARD_CHANGES[:] = [notices.recount]
    things.KEEPERS["line"] = things.Keeper(
        chat_queries.lines_by_id, chat_queries.talk_around, chat.let_stand, chat_queries.live_lines_of
    )
    mails.STILL_HOLDS[sending.LETTER] = sending.still_holds
    happened.KNOWN.update(helped=helpers_since, featured=blog_queries.featured_since, stars=given_since)
    touchpoints.WHEN_LEFT[:] = [showing.remember_visit]
    doorstep.WHEN_ANSWERED[:] = [logs.tell, machines.count]
    documents.SOURCES.update(
        article=articles_searched.texts_of,
        blogpost=blog_queries.texts_of,
        product=reviews_searched.product_texts,
        review=reviews_searched.review_texts,
    )


def _configure(app: Flask) -> None:
    config = app.config
    secure = config["BASE_URL"].startswith("https")
    config.update(
        SQLALCHEMY_DATABASE_URI=config["DATABASE_URL"],
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(config["DATABASE_URL"]),
        SESSION_COOKIE_NAME="__Host-session" if secure else "session",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=90 * 86_400,
        SESSION_REFRESH_EACH_REQUEST=False,  # with each visit instead, see members/views.py
        WTF_CSRF_TIME_LIMIT=None,
        MAX_CONTENT_LENGTH=12 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        BABEL_TRANSLATION_DIRECTORIES="translations",
        COMPRESS_MIMETYPES=["text/html", "application/json", "application/xml", "application/rss+xml"],
        COMPRESS_LEVEL=4,
        COMPRESS_BR_LEVEL=3,
        MAIL_DEFAULT_SENDER=config["MAIL_FROM"],
        **transport.smtp_settings(config["MAIL_URL"]),
    )
    app.url_map.converters.update(int=numbering.RowNumber, month=numbering.MonthOfYear)
    second_step.Demand.of_staff = config["SECOND_STEP"] == "staff"
    clock.move_to(date.fromisoformat(config["TODAY"]) if config["TODAY"] else None)
    if int(config["TRUSTED_PROXIES"]):
        hops = int(config["TRUSTED_PROXIES"])
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0)  # type: ignore[method-assign]


def _store(app: Flask) -> None:
    """Database, cache, limits, mail, pictures, wake-ups."""
    config = app.config
    db.init_app(app)
    Migrate(app, db, directory=str(MIGRATIONS), render_as_batch=True, compare_type=True)
    if config["REDIS_URL"]:
        kind = {"CACHE_TYPE": "RedisCache", "CACHE_REDIS_HOST": client_of(config["REDIS_URL"])}
    else:
        kind = {"CACHE_TYPE": "FileSystemCache", "CACHE_DIR": str(config["DATA_DIR"] / "cache")}
    cache.cache.init_app(app, config={**kind, "CACHE_THRESHOLD": 2000})
    limiter.begin(config)
    bell.begin(config["REDIS_URL"])
    seal.use_key(config["SECRET_KEY"])
    transport.mail.init_app(app)
    store.use(config["MEDIA_URL"])
    erasures.keep_in(config["DATA_DIR"])
    index_place.use(config["DATA_DIR"] / "index", config["SEARCH"])
    app.extensions["huey"] = wakeups.begin(app)


def _frame(app: Flask) -> None:
    """What surrounds every view, from the outside in."""
    with app.app_context():
        doorstep.init_app(app, db.engine)
    logs.init_app(app)
    headers.init_app(app)
    Compress(app)
    csrf.init_app(app)
    members.init_app(app)
    sites.init_app(app)
    errors.init_app(app, lambda path: items.moved_to(g.site, path, current_member()))
    assets.init_app(app)
    app.context_processor(_chrome)
    words.init_app(app)
    moments.init_app(app)
    pieces.init_app(app)
    app.jinja_env.globals["clock"] = clock
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def _chrome() -> dict[str, Any]:
    """What every page shows around its own words; nothing where a request ended before it had a site."""
    if "site" not in g:
        return {}
    member, site = current_member(), g.site
    places = _places(site, member.is_member, bool(member.guarded_since))
    language, _zone = speech = words.speech()
    desks = [place for place, right in STAFF_PLACES if member.can(right)] if member.is_staff else []
    return {
        "speech": speech,
        "site": site,
        "member": member,
        "theme": request.cookies.get("theme", "") if request.cookies.get("theme") in ("light", "dark") else "",
        "base_url": current_app.config["BASE_URL"],
        "navigation": places,
        "here": request.path if any(place.path == request.path for place in places) else "",
        "staff_navigation": desks,
        "staff_here": max((place.path for place in desks if request.path.startswith(place.path)), key=len, default=""),
        "languages": sites.languages_here(),
        "footer_links": _footer(site, member.is_member, bool(member.guarded_since)),
        "notices": {"path": "/account/notices", "unread_count": member.notice_count},
        "search_path": f"{site.path}search",
        "consent_asked": not member.is_member and "consent" not in request.cookies,
        "html_lang": language.replace("_", "-"),
    }


class Place(NamedTuple):
    """Where a link of the frame leads."""

    label: Any
    path: str
    icon: str = ""


@lru_cache
def _places(site: Site, is_member: bool, is_guarded: bool) -> tuple[Place, ...]:
    """The rooms that a reader finds in the header: only what exists, and no weeks after the one stop."""
    today = Place(_("Today"), f"{site.path}home" if is_member else site.path, "home")
    weeks = () if is_guarded else (Place(_("Week by week"), f"{site.path}pregnancy/", "calendar"),)
    read, talk = Place(_("Read"), f"{site.path}articles/", "read"), Place(_("Talk"), f"{site.path}forums/", "talk")
    return today, read, *weeks, talk, Place(_("Reviews"), f"{site.path}products/", "reviews")


STAFF_PLACES = (
    (Place(_l("Studio"), "/studio/", "edit"), Permission.ARTICLE_WRITE),
    (Place(_l("Slots"), "/studio/slots/", "read"), Permission.SLOT_KEEP),
    (Place(_l("Products"), "/studio/products/", "reviews"), Permission.SLOT_KEEP),
    (Place(_l("Search desk"), "/studio/search/", "search"), Permission.ARTICLE_PUBLISH),
    (Place(_l("Moderation"), "/moderation/", "flag"), Permission.POST_HIDE),
    (Place(_l("Service"), "/service/", "talk"), Permission.CASE_ANSWER),
    (Place(_l("Marketing"), "/marketing/", "user"), Permission.PROFILE_VIEW),
    (Place(_l("Members"), "/admin/members", "user"), Permission.ROLE_GRANT),
    (Place(_l("Jobs"), "/admin/jobs", "check"), Permission.JOBS_VIEW),
    (Place(_l("Outbox"), "/admin/outbox", "bell"), Permission.OUTBOX_VIEW),
)


@lru_cache
def _footer(site: Site, is_member: bool, is_guarded: bool) -> tuple[Place, ...]:
    help_, friends = Place(_("Ask us"), f"{site.path}contact"), Place(_("Ambassadors"), f"{site.path}ambassadors/")
    about = help_, friends, Place(_("House rules"), f"{site.path}rules"), Place(_("Privacy"), f"{site.path}privacy")
    if not is_member:
        return *about, Place(_("Your choices"), f"{site.path}consent")
    changed = () if is_guarded else (Place(_("Something changed?"), "/account/changed"),)
    known, mail = Place(_("What we know about you"), "/account/"), Place(_("E-mail settings"), "/account/notices")
    return known, mail, *changed, *about
