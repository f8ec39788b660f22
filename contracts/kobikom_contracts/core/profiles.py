"""How hard a run tries: numbers of examples, steps and threads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hypothesis import settings as Settings  # noqa: N812 - a method is called settings


@dataclass(frozen=True, slots=True)
class Profile:
    """Examples a property, steps and runs of the stateful machine, threads of a concurrency try.

    ``thrifty`` is the number of examples where credit can't be put back (no control API), ``seconds`` the time
    after which a run ends with what it has found.
    """

    name: str
    examples: int
    machine_runs: int
    machine_steps: int
    threads: int
    rounds: int
    thrifty: int
    seconds: float
    shrink: bool = True

    def settings(self, examples: int | None = None) -> Settings:
        """Hypothesis settings for one property of this profile.

        No database (the seed decides, not what an earlier run left on disk) and no deadline (a
        target may be far away). Health checks are off because each has a reason to fire that is not
        a fault here: examples are slow (network), and a target's answers, not our data, may reject.
        """
        from hypothesis import HealthCheck, Phase, settings

        phases = [Phase.explicit, Phase.generate] + ([Phase.shrink] if self.shrink else [])
        return settings(
            max_examples=examples or self.examples,
            database=None,
            deadline=None,
            phases=phases,
            report_multiple_bugs=False,
            print_blob=False,
            suppress_health_check=list(HealthCheck),
        )

    def machine(self, share: float = 1.0) -> Settings:
        """Settings for the stateful machine that makes this share of its runs."""
        from hypothesis import Phase, settings

        steps = self.machine_steps if share >= 1 else min(self.machine_steps, 10)
        runs = self.settings(max(1, round(self.machine_runs * share)))
        # A smaller example takes many more runs than a target that is asked little can bear.
        phases = runs.phases if share >= 1 else (Phase.explicit, Phase.generate)
        return settings(runs, stateful_step_count=steps, phases=phases)


PROFILES: Mapping[str, Profile] = {
    "tiny": Profile("tiny", 5, 3, 10, 4, 1, 5, 600),
    "quick": Profile("quick", 60, 25, 25, 8, 2, 8, 1800),
    "deep": Profile("deep", 400, 120, 50, 16, 10, 400, 6 * 3600),
}
"""``tiny`` is for proving the suite against deviant servers, not for judging."""
