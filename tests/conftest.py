"""Law: what every test shares, which is how hard Hypothesis tries. Nothing heavy, no fixtures.

``quick`` is the default: few examples, the same ones every time, so that a red run is red again.
``deep`` (``script/test --hypothesis-profile=deep``) explores, and prints how to repeat a find.
"""

import pytest
from hypothesis import HealthCheck, settings

# Speed is no property under test here: a busy machine must not turn a true statement red.
_UNHURRIED = [HealthCheck.too_slow]

settings.register_profile(
    "quick",
    max_examples=50,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=_UNHURRIED,
)
settings.register_profile(
    "deep",
    max_examples=2_000,
    deadline=None,
    print_blob=True,
    suppress_health_check=_UNHURRIED,
)


def pytest_configure(config: pytest.Config) -> None:
    """Take the quick profile unless the command line names one."""
    if not config.getoption("--hypothesis-profile"):
        settings.load_profile("quick")
