"""What every test shares: the profiles that say how many examples Hypothesis tries.

``quick`` is the default: few examples, the same ones every time, so that a failure can be repeated.
``deep`` (``script/test --hypothesis-profile=deep``) tries many, and prints how to repeat a failure.
"""

import pytest
from hypothesis import HealthCheck, settings

# Speed is not tested here: a test must not fail because the machine is busy.
_MAY_BE_SLOW = [HealthCheck.too_slow]

settings.register_profile(
    "quick",
    max_examples=50,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=_MAY_BE_SLOW,
)
settings.register_profile(
    "deep",
    max_examples=2_000,
    deadline=None,
    print_blob=True,
    suppress_health_check=_MAY_BE_SLOW,
)


def pytest_configure(config: pytest.Config) -> None:
    """Take the quick profile unless the command line names one."""
    if not config.getoption("--hypothesis-profile"):
        settings.load_profile("quick")
