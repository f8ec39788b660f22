"""The command ``kobikom-contracts``.

Exit status 0: nothing violated. 1: at least one clause is violated. 2: could not run, with one line that
says why. 3: the run ended early, or the judge itself crashed on at least one clause: the reports are partial.
130 and 143: ended by SIGINT or SIGTERM.
"""

from __future__ import annotations

import click

from kobikom_contracts.client_suite.command import client
from kobikom_contracts.client_suite.proxy_command import proxy
from kobikom_contracts.core.command_line import PROGRAM, OneLineGroup
from kobikom_contracts.fuzz.command import days_command, fuzz
from kobikom_contracts.learning.command import trace
from kobikom_contracts.learning.learn_command import learn
from kobikom_contracts.recording.command import record
from kobikom_contracts.replay.command import replay
from kobikom_contracts.server_suite.command import server


@click.group(PROGRAM, cls=OneLineGroup)
@click.version_option(package_name="kobikom-emulator", message="%(prog)s %(version)s")
def main() -> None:
    """Judge servers and clients of the Kobikom SMS XML API, clause by clause; record traffic; fuzz programs."""


main.add_command(client)
main.add_command(learn)
main.add_command(proxy)
main.add_command(record)
main.add_command(replay)
main.add_command(server)
main.add_command(trace)
main.add_command(fuzz)
main.add_command(days_command)


if __name__ == "__main__":
    main(prog_name=PROGRAM)
