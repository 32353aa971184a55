from community.core.jobs import job


@job
def fails_always(number: int) -> None:
    raise RuntimeError("this never works")
