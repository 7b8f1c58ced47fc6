"""What tests in every room may start from."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from tests.simulated import Local, running_simulator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture
def simulator() -> Iterator[Callable[..., Local]]:
    """Starts simulators, `simulator("bad-canary", "--load", "0")`, that run until the test is over."""
    with ExitStack() as stack:
        yield lambda scenario="healthy", *options: stack.enter_context(running_simulator(scenario, *options))
