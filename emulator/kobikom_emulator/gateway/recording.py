"""The last step of every request: fault rules alter the answer, and the journal is written."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from msgspec.structs import replace

from kobikom_emulator.exchange import UNALTERED, Answer, WireRequest
from kobikom_emulator.faults.chain import FiredRules
from kobikom_emulator.gateway.context import OperationResult, RequestContext
from kobikom_emulator.journal.entries import Operation, Outcome, RequestEntry
from kobikom_emulator.journal.notes import Kind, Note, grouped
from kobikom_emulator.phrases import Phrase
from kobikom_emulator.protocol.slips import Unread
from kobikom_emulator.space.steps import Step
from kobikom_emulator.translation.notes import unread_note


def record(
    context: RequestContext,
    wire: WireRequest,
    operation: Operation,
    *,
    user: str,
    result: OperationResult,
    unread: Sequence[Unread],
    answer: Answer,
    steps: Sequence[Step] = (),
    recipients: int = 0,
) -> Answer:
    """Let the fired rules alter the answer, write the journal entry, and return the answer to send. `steps` are those
    that come after the request.
    """
    notes = result.notes
    if unread:
        notes += tuple(unread_note(name) for name in unread)
    if wire.leniences:
        notes += tuple(Note(Kind.NOTED, "T-08.4", found=lenience) for lenience in wire.leniences)
    intended: Answer | None = None
    faults: tuple[str, ...] = ()
    if context.fired.armed:
        altered = context.fired.after(answer)
        meant = answer if result.intended is None else replace(answer, chunks=result.intended)
        if result.outcome is not Outcome.FAULT and not altered.sends_the_same_as(meant):
            intended = meant
        answer = altered
        faults = context.fired.labels
        notes += _fault_notes(context.fired, result)
    if steps:
        notes += tuple(Note(Kind.FAULT, "E.2", found=step.description()) for step in steps)
    if answer.at is None:  # a rule's own answer
        answer = replace(answer, at=context.now)
    if len(notes) > 1:
        notes = grouped(notes)
    context.space.journal.write(
        RequestEntry(
            context.now,
            operation,
            user,
            result.outcome,
            result.code,
            wire,
            answer,
            intended,
            notes,
            faults,
            result.ids,
            recipients,
        )
    )
    return answer if answer.transmission is UNALTERED else _with_effects(context, answer)


def _with_effects(context: RequestContext, answer: Answer) -> Answer:
    """The answer with what it is held for, where a rule holds it, and what closes the other connections."""
    transmission, space = answer.transmission, context.space
    if transmission.close:
        transmission = replace(transmission, close_others=space.connections.close)
        answer = replace(answer, transmission=transmission)
    if transmission.stall is None:
        return answer
    rules = frozenset(armed.number for armed in context.fired.armed)
    released = space.pushes_attempted if transmission.until_pushed else partial(space.held.wait, rules)
    return replace(answer, transmission=replace(transmission, released=released))


def _fault_notes(fired: FiredRules, result: OperationResult) -> tuple[Note, ...]:
    """A note for each rule that fired: its number, its kind, and what it did (E)."""
    answering = next((armed for armed in fired.armed if armed.rule.effect.before() is not None), None)
    notes = []
    for armed in fired.armed:
        sentence = armed.rule.effect.description()
        if answering is not None and armed is not answering and not armed.rule.effect.alters_answers():
            sentence = Phrase("without effect here: rule #{rule} had answered the request", rule=str(answering.number))
        elif answering is None and armed.rule.effect.request_code() not in (None, result.code):
            sentence = Phrase("without effect here: the request was refused for another reason")
        found = Phrase("fault rule {label}: {sentence}", label=armed.label, sentence=sentence)
        notes.append(Note(Kind.FAULT, "E.2", found=found))
    return tuple(notes)
