"""The kinds of faults. A new kind is one file beside this one and one member of `AnyEffect`; everything else follows
from it or has a test that names what is missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

from kobikom_emulator.faults.as_printed import AsPrinted
from kobikom_emulator.faults.close import Close
from kobikom_emulator.faults.delay import Delay
from kobikom_emulator.faults.dribble import Dribble
from kobikom_emulator.faults.drop import Drop
from kobikom_emulator.faults.effect import Effect
from kobikom_emulator.faults.garbage import Garbage
from kobikom_emulator.faults.http import Http
from kobikom_emulator.faults.push import Push
from kobikom_emulator.faults.reports import Reports
from kobikom_emulator.faults.stall import Stall
from kobikom_emulator.faults.status import Status
from kobikom_emulator.faults.truncate import Truncate

AnyEffect = Status | Http | Delay | Drop | Truncate | Garbage | Dribble | AsPrinted | Reports | Close | Stall | Push
"""Every kind of effect; `kind` in a rule's effect names it. The pages list them in this order."""

KINDS: Mapping[str, type[Effect]] = {str(effect.__struct_config__.tag): effect for effect in get_args(AnyEffect)}
"""The kinds by name."""
