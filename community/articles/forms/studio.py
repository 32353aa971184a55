"""What editors fill in: an article, a note of the calendar, a thing to do."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import NumberRange, Optional, Regexp, ValidationError

from community.articles.actions.writing import Written, written_of
from community.articles.models import Article
from community.core import clock
from community.core.text import slug_of
from community.items.models import Basis
from community.sites.models import Site
from community.web.forms import Form, at_most, filled

FIRST_DAY, LAST_DAY = -280, 6574  # from the last period to eighteen years
MOST_SOURCES = 20
LONGEST_BODY = 100_000
MOMENTS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"]  # the first is how it is shown


class _StageDay(IntegerField):
    """A number of days on the axis of life stages."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """As the parent, in words that help."""
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(_("Write a whole number of days, such as -119.")) from error


class _Day(DateField):
    """A date."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """As the parent, in words that help."""
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(_("This day does not exist. Check day, month and year.")) from error


class _Moment(DateTimeLocalField):
    """A day and a time, on the clock of a site."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """As the parent, in words that help."""
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(_("This moment does not exist. Check the day and the time.")) from error


def _stage_day(label: str, *rules: Any) -> _StageDay:
    words = _l(
        "A number of days from %(first)s (the last period) to %(last)s (eighteen years).",
        first=FIRST_DAY,
        last=LAST_DAY,
    )
    return _StageDay(label, [*rules, NumberRange(FIRST_DAY, LAST_DAY, words)])


class ArticleForm(Form):
    """An article. A field that is not sent stays as it is stored."""

    title = StringField(_l("Title"), [filled(_l("Give it a title. You can change it later.")), at_most(150)])
    slug = StringField(
        _l("Address"),
        [Optional(), at_most(80)],
        description=_l("The last part of the page's address. Left empty, it is made from the title."),
    )
    summary = TextAreaField(
        _l("Summary"),
        [Optional(), at_most(400)],
        description=_l("One or two sentences that answer the question. Lists, mails and search show them."),
    )
    body = TextAreaField(_l("Text"), [Optional(), at_most(LONGEST_BODY)], description=_l("In Markdown."))
    is_html = BooleanField(
        _l("This text is HTML"),
        description=_l("It came from another site. Take the tick away once you have rewritten it in Markdown."),
    )
    theme = SelectField(_l("Theme"), validate_choice=False, choices=[])
    tags = StringField(
        _l("Tags"), [Optional(), at_most(400)], description=_l("Other subjects, with a comma between them.")
    )
    stage_from = _stage_day(_l("From day"), Optional())
    stage_to = _stage_day(_l("To day"), Optional())
    stage_basis = RadioField(
        _l("For a child born early, count from"),
        validate_choice=False,
        default=Basis.CORRECTED,
        choices=[
            SelectChoice(Basis.CORRECTED, _l("the due date: growth, sleep, play")),
            SelectChoice(Basis.CALENDAR, _l("the birth: vaccinations, fever, the law")),
        ],
    )
    is_quiet = BooleanField(
        _l("Never offer this by itself"),
        description=_l("For a text about loss, say: it stands under its theme and is found by who looks for it."),
    )
    picture = FileField(
        _l("New picture"), description=_l("JPEG, PNG, WebP or GIF, at most 10 MB. Place and camera data are taken out.")
    )
    picture_id = RadioField(_l("Picture"), validate_choice=False, choices=[], default="")
    picture_alt = TextAreaField(
        _l("What the picture shows"),
        [Optional(), at_most(300)],
        description=_l("For everybody who cannot see it. A picture is not saved without it."),
    )
    reviewer = SelectField(_l("Checked by"), validate_choice=False, choices=[])
    reviewed_on = _Day(_l("Checked on"), [Optional()])
    sources = TextAreaField(
        _l("Sources"),
        [Optional(), at_most(6000)],
        description=_l("One a line: title | publisher | address."),
    )
    translates = SelectField(
        _l("Translation of"),
        validate_choice=False,
        choices=[],
        description=_l("Readers of the other language find this page there."),
    )
    publish_at = _Moment(_l("Appears on"), [Optional()], format=MOMENTS)
    version = HiddenField()
    site = HiddenField()

    def validate_stage_from(self, _field: IntegerField) -> None:
        """A range has both ends."""
        if not self.stage_to.raw_data or not self.stage_to.raw_data[0]:
            raise ValidationError(_("Fill in both days, or neither."))

    def validate_stage_to(self, field: IntegerField) -> None:
        """A range has both ends, in their order."""
        if self.stage_from.data is None and not self.stage_from.errors:
            raise ValidationError(_("Fill in both days, or neither."))
        _in_order(self.stage_from.data, field.data)

    def validate_reviewed_on(self, field: DateField) -> None:
        """A check has somebody who did it and a day that is not to come."""
        if field.data and field.data > clock.today() + timedelta(days=1):  # east of us it is tomorrow already
            raise ValidationError(_("This day is still to come."))
        if field.data and not self.reviewer.data:
            raise ValidationError(_("Say who checked it, too."))

    def validate_sources(self, field: TextAreaField) -> None:
        """Each line has a title, and an address that can be opened."""
        lines = sources_in(field.data or "")
        if len(lines) > MOST_SOURCES:
            raise ValidationError(_("Keep to %(most)d sources.", most=MOST_SOURCES))
        for number, source in enumerate(lines, 1):
            if not source["title"]:
                raise ValidationError(_("Source %(number)d has no title.", number=number))
            if source["url"] and not _is_address(source["url"]):
                raise ValidationError(_("The address of source %(number)d must begin with https://.", number=number))

    def written(self, article: Article | None, translation_key: str) -> Written:
        """What was typed, as the action takes it."""
        seen_on = {source["url"]: source.get("seen_on", "") for source in (article.sources if article else [])}
        today = clock.today().isoformat()
        return Written(
            title=self.title.data or "",
            slug=self.slug.data or "",
            summary=self.summary.data or "",
            body=self.body.data or "",
            is_html=self.is_html_of(article),
            theme=slug_of(self.theme.data) if self.theme.data else "",
            tags=[name.strip()[:40] for name in (self.tags.data or "").split(",") if name.strip()][:10],
            stage_from=self.stage_from.data,
            stage_to=self.stage_to.data,
            stage_basis=Basis.CALENDAR if self.stage_basis.data == Basis.CALENDAR else Basis.CORRECTED,
            is_quiet=self.is_quiet.data,
            picture_id=_number(self.picture_id.data),
            picture_alt=(self.picture_alt.data or "") if _number(self.picture_id.data) else "",
            reviewer_id=_number(self.reviewer.data),
            reviewed_on=self.reviewed_on.data if _number(self.reviewer.data) else None,
            sources=[
                source | {"seen_on": seen_on.get(source["url"]) or today}
                for source in sources_in(self.sources.data or "")
            ],
            translation_key=translation_key,
        )

    def is_html_of(self, article: Article | None) -> bool:
        """Whether the text is HTML: only one that was imported, until it is rewritten."""
        if article is None or not article.is_html:
            return False
        return bool(self.is_html.data) or self.body.data == article.body.strip()

    def moment(self, site: Site) -> datetime | None:
        """The typed moment of appearing, on the clock of the site."""
        typed = self.publish_at.data
        return typed.replace(tzinfo=ZoneInfo(site.zone)).astimezone(UTC) if typed else None

    @property
    def version_number(self) -> int | None:
        """The version that the editor began from."""
        return _number(self.version.data)


def fields_of(article: Article, written: Written | None = None) -> dict[str, Any]:
    """An article, or what was written about it, as its form shows it."""
    written = written or written_of(article)
    zone = ZoneInfo(article.site.zone)
    same = ("title", "slug", "summary", "body", "is_html", "theme", "stage_from", "stage_to", "stage_basis", "is_quiet")
    return {name: getattr(written, name) for name in same} | {
        "tags": ", ".join(written.tags),
        "picture_id": str(written.picture_id or ""),
        "picture_alt": written.picture_alt,
        "reviewer": str(written.reviewer_id or ""),
        "reviewed_on": written.reviewed_on,
        "sources": "\n".join(_line_of(source) for source in written.sources),
        "publish_at": article.publish_at and article.publish_at.astimezone(zone).replace(tzinfo=None),
        "version": str(article.version),
    }


def sources_in(text: str) -> list[dict[str, str]]:
    """The sources of a text, one a line: title | publisher | address."""
    rows = [[part.strip() for part in line.split("|")] + ["", ""] for line in text.splitlines() if line.strip()]
    return [{"title": row[0][:200], "publisher": row[1][:120], "url": row[2][:400]} for row in rows]


def _line_of(source: dict[str, str]) -> str:
    parts = [source.get("title", ""), source.get("publisher", ""), source.get("url", "")]
    return " | ".join(parts).rstrip(" |")


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc) and not any(c.isspace() for c in url)


def _number(text: Any) -> int | None:
    digits = str(text or "")
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 10 else None


def _in_order(first: int | None, last: int | None) -> None:
    if first is not None and last is not None and last < first:
        raise ValidationError(_("The last day comes before the first one."))


class RestoreForm(Form):
    """Which save comes back."""

    version = HiddenField(validators=[Regexp(r"[0-9]{1,9}\Z", message=_l("Choose a version."))])


class NoteForm(Form):
    """What the calendar says of one week or month. Empty headline and text: nothing, a gap."""

    headline = StringField(_l("In one sentence"), [at_most(120)])
    body = TextAreaField(_l("A few lines"), [at_most(600)])
    source_title = StringField(_l("Source"), [Optional(), at_most(200)])
    source_url = StringField(_l("Address of the source"), [Optional(), at_most(400)])

    def validate_body(self, field: TextAreaField) -> None:
        """A note is whole or not there."""
        if bool(field.data) != bool(self.headline.data):
            raise ValidationError(_("Fill in both the sentence and the lines, or neither."))

    def validate_source_url(self, field: StringField) -> None:
        """An address that can be opened."""
        if field.data and not _is_address(field.data):
            raise ValidationError(_("An address begins with https://."))


class TaskForm(Form):
    """A thing to do in a stretch of days."""

    title = StringField(_l("What to do"), [filled(_l("Say what there is to do.")), at_most(120)])
    hint = StringField(_l("A hint"), [Optional(), at_most(200)])
    stage_from = _stage_day(_l("From day"))
    stage_to = _stage_day(_l("To day"))

    def validate_stage_to(self, field: IntegerField) -> None:
        """In their order."""
        _in_order(self.stage_from.data, field.data)
