"""Triage with the payer directory of `makers`."""

import pytest

from services.denial_triage.handlers import routes
from tests.unit.denial_triage.makers import DIRECTORY
from tests.unit.denial_triage.runner import Runner


@pytest.fixture
def desk() -> Runner:
    return Runner(routes(DIRECTORY))
