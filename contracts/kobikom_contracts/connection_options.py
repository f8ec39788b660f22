"""How commands reach a target and its control API, from their options."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ssl import SSLContext

    from kobikom_contracts.control import Control


def control_of(options: Mapping[str, Any]) -> Control | None:
    """The control API that `--control` names, which answers; None without the option."""
    from kobikom_contracts.control import Control

    if not options["control"]:
        return None
    control = Control(
        options["control"],
        space=options["space"],
        token=options["token"],
        timeout=options["timeout"],
        tls=tls_of(options),
    )
    control.probe()
    return control


def tls_of(options: Mapping[str, Any]) -> SSLContext | None:
    """Settings for https, None when every address is http; `CannotRun` for a file that holds no certificates."""
    from kobikom_contracts.core.verdicts import CannotRun
    from kobikom_contracts.tls import tls_context

    if not any((options[name] or "").startswith("https:") for name in ("url", "control")):
        return None
    try:
        return tls_context(ca=options["ca"], insecure=options["insecure"])
    except OSError as error:
        raise CannotRun(f"--ca {options['ca']}: {error}") from None
