"""The payment service and its ledger hold whatever happens between any two of their steps.

Short here; `make test-long` has many more examples, longer ones.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.actions.payments.interleaving.machine import EveryInterleaving

EXAMPLES, STEPS = (1500, 60) if os.environ.get("BIANMIN_LONG") else (25, 40)


@pytest.mark.long
def test_nothing_is_lost_or_paid_twice_in_any_interleaving() -> None:
    how = settings(max_examples=EXAMPLES, stateful_step_count=STEPS, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(EveryInterleaving, settings=how)
