"""Effects on who is accepted, and on what a refusal changes."""

from __future__ import annotations

from paper_server.dialect import Result
from paper_server.numbers import DELIVERED

from drawn_servers.effects import Choose, Effect, Tell, effect
from drawn_servers.scene import Scene


def _refuses(code: int) -> Tell:
    """Refuse accepted recipients, which are then neither charged nor sent to."""

    def tell(scene: Scene, choose: Choose) -> bool:
        results = list(scene.results)
        for place in choose(scene.lines):
            line = scene.lines[place]
            if line.message is None or scene.account is None:
                continue
            scene.server.forget(line.message)
            scene.account.credit += line.message.cost
            results[place] = Result(code, line.recipient.client_id.strip(), line.recipient.number)
        return results != scene.results and scene.server.with_results(scene, results)

    return tell


def _accepts(code: int) -> Tell:
    """Accept recipients that must be refused with a code: charge, send and report."""

    def tell(scene: Scene, choose: Choose) -> bool:
        results = list(scene.results)
        for place in choose(scene.lines):
            line = scene.lines[place]
            if line.result.status == code and scene.account is not None:
                results[place] = scene.server.accept(scene, line, DELIVERED)
        return results != scene.results and scene.server.with_results(scene, results)

    return tell


def _charged_refusal(scene: Scene, choose: Choose) -> bool:
    """Charge refused recipients."""
    refused = [place for place in choose(scene.lines) if scene.lines[place].message is None]
    account = scene.account
    if account is None or not refused or account.credit <= account.price * len(refused):
        return False
    before, account.credit = account.credit, account.credit - account.price * len(refused)
    return scene.server.visible(before, account.credit)


def _reported_refusal(scene: Scene, choose: Choose) -> bool:
    """Report on refused recipients that have an id."""
    told = False
    for place in choose(scene.lines):
        line = scene.lines[place]
        if line.message is None and line.recipient.client_id.strip() and line.result.status != -33:
            told = scene.server.report_on(scene, line) or told
    return told


ADMISSION_EFFECTS: tuple[Effect, ...] = (
    effect("refuses with -13", "send", "S-02 S-06 S-07 S-20 S-08 S-22", _refuses(-13), chooses=True, refuses=True),
    effect("refuses with -1", "send", "S-02 S-20 E", _refuses(-1), chooses=True, refuses=True),
    effect("refuses with -2", "send", "C-02 C-04 S-02 S-20", _refuses(-2), chooses=True, refuses=True),
    effect("refuses with -33", "send", "S-04 S-03 S-20 S-22", _refuses(-33), chooses=True, refuses=True),
    effect("accepts an id that is used twice", "send", "S-04", _accepts(-33), chooses=True, narrow=True),
    effect("accepts an unknown number", "send", "S-06 S-08", _accepts(-13), chooses=True, narrow=True),
    effect("accepts a network out of coverage", "send", "S-07", _accepts(-3), chooses=True, narrow=True),
    effect("accepts what cannot be paid", "send", "C-02 C-04", _accepts(-2), chooses=True, narrow=True),
    effect("charges for a refused recipient", "send", "C-03 C-04", _charged_refusal, chooses=True, narrow=True),
    effect(
        "reports on a refused recipient",
        "send",
        "S-04 S-06 S-07 C-02 R-03",
        _reported_refusal,
        chooses=True,
        narrow=True,
    ),
)
