"""House rules that the linters do not know, each with its reason."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "community"
FILES = sorted(PACKAGE.rglob("*.py"))
ROOMS = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists()}
LONGEST_FILE, LONGEST_FUNCTION, MOST_ARGUMENTS = 400, 45, 8


def relative(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef):
            yield node


def length(function: ast.FunctionDef) -> int:
    return (function.end_lineno or 0) - function.lineno


def test_only_the_database_module_commits() -> None:
    """One place decides what is one deed."""
    commits = [relative(p) for p in FILES if re.search(r"session\.commit\(", p.read_text())]
    assert commits == ["core/db.py"]


def test_queries_stand_in_queries_models_and_core() -> None:
    """A view or an action that selects hides a read from its room."""
    allowed = re.compile(r"(^core/|queries|models)")
    assert [
        relative(p)
        for p in FILES
        if re.search(r"(?<![.\w])select\(", p.read_text()) and not allowed.search(relative(p))
    ] == []


def test_no_text_is_marked_as_safe_outside_the_sanitiser() -> None:
    """`|safe` stands only on columns that end in `_html`, which core/text.py fills (`security.md` 6)."""
    marked = [relative(p) for p in FILES if re.search(r"\bMarkup\(", p.read_text())]
    unsafe = [
        f"{template.name}: {found}"
        for template in PACKAGE.rglob("templates/**/*.html")
        for found in re.findall(r"[\w.\[\]()]+\s*\|\s*safe", template.read_text())
        if not re.match(r"[\w.]*_html\s*\|", found)
    ]
    assert (marked, unsafe) == ([], [])


def test_no_template_carries_style_or_script_inline() -> None:
    """The content policy forbids both; mails are no pages."""
    odd = [
        template.name
        for template in PACKAGE.rglob("templates/**/*.html")
        if "email" not in template.parts
        and re.search(
            r'\sstyle="|<style|\son[a-z]+="|<script(?![^>]*(src=|application/ld\+json))', template.read_text()
        )
    ]
    assert odd == []


def test_only_the_clock_asks_the_time() -> None:
    """`COMMUNITY_TODAY` moves one clock, or none."""
    asks = re.compile(r"datetime\.(now|utcnow|today)\(|date\.today\(")
    allowed = {"core/clock.py", "core/limits.py"}
    assert [relative(p) for p in FILES if asks.search(p.read_text()) and relative(p) not in allowed] == []


def test_only_the_settings_read_the_environment() -> None:
    """One page tells every setting."""
    assert [relative(p) for p in FILES if re.search(r"os\.environ|getenv", p.read_text())] == ["core/settings.py"]


@pytest.mark.parametrize("path", FILES, ids=relative)
def test_every_module_and_public_function_says_what_it_promises(path: Path) -> None:
    tree = ast.parse(path.read_text())
    assert ast.get_docstring(tree), "the module has no docstring"
    silent = [
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and node in tree.body
        and not ast.get_docstring(node)
    ]
    assert silent == []


@pytest.mark.parametrize("path", FILES, ids=relative)
def test_files_and_functions_stay_short(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= LONGEST_FILE
    long = {
        f.name: f.end_lineno - f.lineno for f in functions(path) if (f.end_lineno or 0) - f.lineno > LONGEST_FUNCTION
    }
    wide = {f.name: len(f.args.args) for f in functions(path) if len(f.args.args) > MOST_ARGUMENTS}
    assert (long, wide) == ({}, {})


@pytest.mark.parametrize("path", [p for p in FILES if "views" in relative(p)], ids=relative)
def test_views_stay_short(path: Path) -> None:
    """A view finds, asks, does and answers."""
    long = {f.name: length(f) for f in functions(path) if length(f) > 30}
    assert long == {}


def test_every_macro_shows_its_call_on_line_one() -> None:
    silent = [
        path.name
        for path in sorted((PACKAGE / "templates/components").glob("*.html"))
        if f"{path.stem}(" not in path.read_text().split("\n", 1)[0]
    ]
    assert silent == []


def test_every_folder_of_templates_and_tests_is_a_room() -> None:
    shared = {"layouts", "components", "email", "pages"}
    templates = {p.name for p in (PACKAGE / "templates").iterdir() if p.is_dir()}
    tests = {p.name for p in (ROOT / "tests").iterdir() if p.is_dir() and not p.name.startswith("__")}
    assert templates - shared - ROOMS == set()
    assert tests - {"bench", "browser", "deploy", "faults", "shape"} - ROOMS == set()


def test_every_setting_stands_in_the_example_and_only_those() -> None:
    from community.core.settings import DEFAULTS  # noqa: PLC0415

    named = set(re.findall(r"^#COMMUNITY_(\w+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert named == set(DEFAULTS)


def test_every_dependency_is_pinned_and_has_its_reason() -> None:
    listed = re.search(r"dependencies = \[\n(.*?)\n\]", (ROOT / "pyproject.toml").read_text(), re.DOTALL)
    assert listed is not None
    odd = [line for line in listed[1].splitlines() if not re.match(r'\s+"[\w\[\],-]+==[\d.]+",\s+# .+', line)]
    assert odd == []


def test_locks_hold_hashes_and_no_addresses() -> None:
    for name in ("requirements.lock", "requirements-scale.lock", "requirements-test.lock"):
        text = (ROOT / name).read_text()
        assert "http" not in text
        assert text.count("==") == len(re.findall(r"^\S+==\S+ \\$", text, re.MULTILINE))
