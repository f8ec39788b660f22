"""`learn` names the readings of a service that it knows nothing about, by the vendor's addresses alone."""

from decimal import Decimal

from asking import AT_ONCE, MORNING, RECIPIENT, TERMS, USER, learn_run
from hypothesis import given, settings
from hypothesis import strategies as st

from kobikom_contracts.clauses import READING_BY_NAME
from kobikom_emulator import Emulator

READINGS = st.fixed_dictionaries({name: st.sampled_from(one.values) for name, one in READING_BY_NAME.items()})
EXAMPLES = settings(max_examples=min(200, settings.default.max_examples // 4))
MOST_PARTS = 40


@EXAMPLES
@given(READINGS, st.sampled_from([(RECIPIENT,), (RECIPIENT, "905421112234")]))
def test_every_reading_is_learned(readings: dict[str, str], recipients: tuple[str, ...]) -> None:
    """An account that pays 25 parts names all readings, each right, for at most 40 parts."""
    with Emulator(readings=readings, accounts=[TERMS], clock={"start": MORNING}, delivery=AT_ONCE) as emulator:
        run = learn_run(emulator.url, recipients=recipients, budget=MOST_PARTS, wait=emulator.clock.advance)
        run.run()
        account = emulator.kobikom.account(USER)
        spent = (Decimal(TERMS["credit"]) - account.credit) / Decimal(TERMS["price"])
    assert readings == run.learned.decided
    assert spent <= run.spending.parts <= MOST_PARTS
