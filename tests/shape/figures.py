"""`make figures`: how long files and functions are, to look at, not to obey."""

import statistics
import sys

from tests.shape.test_source import FILES, functions, relative


def main() -> None:
    """Print medians, the longest, and the files behind them."""
    files = {relative(path): len(path.read_text().splitlines()) for path in FILES}
    lengths = {
        f"{relative(path)}:{f.name}": (f.end_lineno or 0) - f.lineno + 1 for path in FILES for f in functions(path)
    }
    for name, values in (("files", files), ("functions", lengths)):
        longest = sorted(values.items(), key=lambda pair: -pair[1])[:10]
        sys.stdout.write(f"{len(values)} {name}, median {statistics.median(values.values()):.0f} lines; longest:\n")
        sys.stdout.writelines(f"  {count:4} {where}\n" for where, count in longest)


if __name__ == "__main__":
    main()
