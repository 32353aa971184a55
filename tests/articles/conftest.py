"""Those who work in the studio read English here, so that its tests can say what they look for."""

from typing import Any

import pytest

from tests import makers


@pytest.fixture
def editor(app: Any) -> Any:
    """An editor of the Dutch site who reads English."""
    return makers.member("Eva", site="en", role="editor", role_site="nl")


@pytest.fixture
def admin(app: Any) -> Any:
    """An administrator of all sites who reads English."""
    return makers.member("Ada", site="en", role="admin")
