"""The database: one session a request, reads in autocommit, writes in `unit_of_work()` alone.

On SQLite a deed begins IMMEDIATE: a read that turns into a write would fail at once, whatever the busy
timeout. Durability is FULL: what was acknowledged survives a power cut (`security.md` 47).

On PostgreSQL deeds run beside each other (READ COMMITTED). Where two of them would count from the same number,
one waits for the other: `hold()` for a row, `alone()` where there is no row yet; what almost every deed writes
comes last (`at_the_end()`). A deed takes its number first, so that `settled()` can tell who still writes."""

import secrets
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import structlog
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    DateTime,
    Engine,
    Executable,
    FromClause,
    Insert,
    MetaData,
    Select,
    String,
    Text,
    bindparam,
    cast,
    delete,
    event,
    func,
    inspect,
    or_,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, ExceptionContext
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, make_transient_to_detached, mapped_column, registry
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.types import TypeDecorator

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

BEGINNINGS = {
    "sqlite": "BEGIN IMMEDIATE",
    "postgresql": "SELECT pg_current_xact_id()",
}  # the right, the number to write
PATIENCE = 5.0  # seconds that a deed waits for who still writes
LONGEST_REST = 0.1  # seconds: SQLite lets who has waited longest try again as often


class UtcDateTime(TypeDecorator[datetime]):
    """A moment with its zone, stored in UTC, so that SQLite and PostgreSQL compare alike."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        return value.replace(tzinfo=UTC) if value and value.tzinfo is None else value


class Model(DeclarativeBase):
    """The parent of every table."""

    registry = registry(metadata=MetaData(naming_convention=NAMES), type_annotation_map={datetime: UtcDateTime()})


db = SQLAlchemy(model_class=Model)
log = structlog.get_logger()

_deed: ContextVar[Connection | None] = ContextVar("deed", default=None)  # where the present one is written


class Deed(Model):
    """A form that was acted on, and where its answer led: the same form sent twice acts once."""

    __tablename__ = "deeds"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    path: Mapped[str] = mapped_column(String(400))
    at: Mapped[datetime] = mapped_column(index=True)


@contextmanager
def unit_of_work() -> Iterator[None]:
    """One deed, one commit. What was read before is read anew inside; an error undoes all of it."""
    if _deed.get():
        raise RuntimeError("a unit of work cannot hold another one")
    session = db.session()
    session.rollback()
    token = _deed.set(None)
    with in_turn():
        try:
            _deed.set(_begin_deed(session))
            yield
            session.flush()  # what hears of changed rows may ask for such steps too
            for _name, step in sorted(session.info.pop("at_the_end", {}).items()):
                step()
            session.commit()
        except BaseException:
            session.rollback()
            session.info.pop("at_the_end", None)
            session.info.pop("after_commit", None)
            raise
        finally:
            _deed.reset(token)
    for follow_up in session.info.pop("after_commit", []):
        try:
            follow_up()
        except Exception as error:  # the deed is stored: what only hurries its work cannot undo it
            log.warning("not woken", error=str(error))


@contextmanager
def in_turn() -> Iterator[None]:
    """On SQLite the threads of a process write as they come: it would have them try again, and the longer one waits
    the more seldom."""
    has_turn = _is_sqlite() and _turn.acquire(timeout=PATIENCE)
    began = time.monotonic()
    try:
        yield
    finally:
        if has_turn:
            if _gives_way.is_set():
                time.sleep(min(LONGEST_REST, time.monotonic() - began))
            _turn.release()


def give_way() -> None:
    """Nobody waits for the deeds of this process: after each it leaves SQLite to the others for as long as it wrote."""
    _gives_way.set()


_turn, _gives_way = threading.Lock(), threading.Event()


def after_commit(follow_up: Callable[[], None]) -> None:
    """Call this once the present deed is stored (waking a worker, never the deed's own work)."""
    db.session().info.setdefault("after_commit", []).append(follow_up)


def at_the_end(name: str, step: Callable[[], None]) -> None:
    """Do this as the last of the present deed, once, however often it is asked for. All deeds do such steps in the
    same order, so that rows which they all write are held for a moment only, and never two crosswise."""
    if not _deed.get():
        raise RuntimeError("rows change only inside unit_of_work()")
    db.session().info.setdefault("at_the_end", {}).setdefault(name, step)


def hold(row: Model) -> None:
    """Read this row as it stands now; nobody else changes it until the deed is stored."""
    if not _is_sqlite():
        db.session.flush()  # what this deed has changed already is not read away
        columns = [column.key for column in inspect(type(row)).column_attrs]
        db.session.refresh(row, columns, with_for_update=True)


def read_anew(row: Model) -> None:
    """Read this row of one table as it stands now, if another deed began since it was read: at a third of what it
    costs the session to do so at need."""
    state = inspect(row)
    if state.expired and state.identity and not state.modified:
        found = send(_reading(type(row)), {"row_id": state.identity[0]}).one()
        for name, value in found._mapping.items():
            set_committed_value(row, name, value)


@lru_cache
def _reading(model: type[Model]) -> Select[Any]:
    table = model.metadata.tables[model.__tablename__]
    return table.select().where(table.c.id == bindparam("row_id"))


def alone(name: str) -> None:
    """Nobody else comes past a point of this name until the deed is stored."""
    if not _is_sqlite():
        db.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))


def settled(newest: Callable[[], int]) -> int | None:
    """The newest number, once no smaller one can come: they are given before the commit, so whoever writes now is
    waited for. None where somebody writes for long."""
    number = newest()
    if _is_sqlite():
        return number
    until, own = time.monotonic() + PATIENCE, _number(func.pg_current_xact_id())
    while _number(func.pg_snapshot_xmin(func.pg_current_snapshot())) < own:  # somebody began before us
        if time.monotonic() > until:
            return None
        time.sleep(0.01)
    return number


def send(statement: Executable, values: dict[str, Any] | None = None) -> Any:
    """Send a statement of tables alone past the session: it costs half, and what else the deed changes is still stored
    in one go at its end."""
    return (_deed.get() or db.session.connection()).execute(statement, values)


def store(row: Model) -> None:
    """Insert one row at once, past the flush of all that changed; from now on it is as if it had been read."""
    statement, names = _storing(type(row))
    stored = send(statement, {name: vars(row)[name] for name in names if name in vars(row)})
    row.id = stored.inserted_primary_key[0]  # type: ignore[attr-defined]
    make_transient_to_detached(row)
    _forget(row)
    db.session.add(row)
    for tell in WHEN_STORED:
        tell(row)


def _forget(row: Model) -> None:
    """A row of this number that an undone deed had stored is not the one that has it now."""
    undone = db.session.identity_map.get(inspect(type(row)).identity_key_from_instance(row))
    if undone is not None:
        db.session.expunge(undone)


WHEN_STORED: list[Callable[[Model], None]] = []  # who listens for what a flush stores, and so hears of these


@lru_cache
def _storing(model: type[Model]) -> tuple[Insert, list[str]]:
    """Built once for each table: the statement, and what it may be given."""
    table = model.metadata.tables[model.__tablename__]
    return table.insert(), table.columns.keys()


def done_before(key: str) -> str | None:
    """The address that a form with this random key led to, if it was acted on already."""
    return send(_DONE, {"key": key}).scalar() if key else None


_DONE = select(Deed.path).where(Deed.key == bindparam("key"))


def remember_deed(key: str, path: str, at: datetime) -> None:
    """Keep where the form with this key led, in the deed's own commit."""
    send(_REMEMBER, {"key": key or secrets.token_urlsafe(16), "path": path, "at": at})


_REMEMBER = Model.metadata.tables["deeds"].insert()


def forget_deeds(before: datetime | None = None, paths: Iterable[str] = ()) -> None:
    """Drop what is known of forms that were sent long ago, or that led to one of these addresses."""
    ways = [Deed.path.startswith(path, autoescape=True) for path in paths]
    if before is not None:
        ways.append(Deed.at < before)
    if ways:
        db.session.execute(delete(Deed).where(or_(*ways)))


def shorten_log() -> bool:
    """Let the log of SQLite hold nothing; False where somebody still reads in it. Other databases do it themselves."""
    if not _is_sqlite():
        return True
    db.session.rollback()
    with db.engine.connect() as connection:
        busy, _frames, _moved = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
    return not busy


def insert_into(model: type[Model] | FromClause) -> Any:
    """An INSERT that can say what to do ON CONFLICT, in the words of our database."""
    return (sqlite if _is_sqlite() else postgresql).insert(model)


def engine_options(url: str) -> dict[str, Any]:
    """What the engine of this address needs to read in autocommit. No value of a row gets into an error's words."""
    if url.startswith("sqlite"):
        return {"connect_args": {"timeout": 5}, "hide_parameters": True}
    return {"isolation_level": "AUTOCOMMIT", "pool_pre_ping": True, "hide_parameters": True}


def _begin_deed(session: Session) -> Connection:
    options = {} if _is_sqlite() else {"isolation_level": "READ COMMITTED"}
    connection = session.connection(execution_options=options)
    connection.exec_driver_sql(BEGINNINGS[connection.dialect.name])
    return connection


def _number(of_a_deed: ColumnElement[Any]) -> int:
    return db.session.execute(select(cast(cast(of_a_deed, Text), BigInteger))).scalar_one()


def _is_sqlite() -> bool:
    return db.engine.dialect.name == "sqlite"


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _record: Any) -> None:
    if not type(connection).__module__.startswith("sqlite3"):
        return
    connection.isolation_level = None  # we say BEGIN ourselves
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA busy_timeout = 5000")
    cursor.execute("PRAGMA secure_delete = ON")  # what was erased leaves no bytes
    cursor.close()


@event.listens_for(Engine, "handle_error")
def _keep_to_oneself(context: ExceptionContext) -> None:
    """PostgreSQL tells the values of the row that it refused, in a line of their own."""
    for error in (context.original_exception, context.sqlalchemy_exception):
        if error is not None and error.args:
            error.args = (str(error.args[0]).partition("\nDETAIL:")[0], *error.args[1:])


@event.listens_for(Session, "before_flush")
def _only_in_a_unit_of_work(session: Session, *_: Any) -> None:
    if not _deed.get() and (session.new or session.deleted or any(map(session.is_modified, session.dirty))):
        raise RuntimeError("rows change only inside unit_of_work()")
