"""What a process keeps for itself for some minutes, and how much of it."""

from community.core.memory import Memory


def kept_in(memory: Memory[str], keys: str) -> str:
    """Those of these keys under which something is kept."""
    return "".join(key for key in keys if memory.find(key) is not None)


def test_what_was_kept_first_leaves_first() -> None:
    memory: Memory[str] = Memory(seconds=60, most=3)
    for key in "abcd":
        memory.keep(key, key)
    assert kept_in(memory, "abcd") == "bcd"


def test_what_is_kept_anew_is_the_newest() -> None:
    memory: Memory[str] = Memory(seconds=60, most=3)
    for key in "abcad":
        memory.keep(key, key)
    assert kept_in(memory, "abcd") == "acd"


def test_where_sizes_count_no_more_is_kept_than_their_sum_may_be() -> None:
    memory: Memory[str] = Memory(seconds=60, most=10, size=len)
    memory.keep("a", "1234")
    memory.keep("b", "1234")
    memory.keep("c", "123")
    assert kept_in(memory, "abc") == "bc"
    memory.keep("b", "12345678")
    assert kept_in(memory, "abc") == "b"
    memory.keep("c", "12345678901")
    assert kept_in(memory, "abc") == ""


def test_what_is_forgotten_leaves_its_room() -> None:
    memory: Memory[str] = Memory(seconds=60, most=2)
    for key in "ab":
        memory.keep(key, key)
    memory.forget()
    for key in "cd":
        memory.keep(key, key)
    assert kept_in(memory, "abcd") == "cd"
