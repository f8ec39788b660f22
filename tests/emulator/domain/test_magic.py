"""The magic numbers and how their messages end (R-09, R-10)."""

from kobikom_emulator.domain.delivery import Outcome, Status
from kobikom_emulator.domain.magic import MAGIC


def test_the_magic_table() -> None:
    """The magic numbers are the documented ones and no others."""
    second, minute, hour = 1000, 60_000, 3_600_000
    failed = Status.NOT_DELIVERED
    assert {
        "905990000001": Outcome(Status.NOT_SENT),
        "905990000002": Outcome(Status.SENT),
        "905990000003": Outcome(Status.NOT_DELIVERED),
        "905990000004": Outcome(Status.DELIVERED),
        "905990000005": Outcome(Status.NOT_ALLOWED),
        "905990000006": Outcome(Status.INVALID_DESTINATION_ADDRESS),
        "905990000007": Outcome(Status.INVALID_SOURCE_ADDRESS),
        "905990000008": Outcome(Status.ROUTE_NOT_AVAILABLE),
        "905990000009": Outcome(Status.NOT_ENOUGH_CREDITS),
        "905990000010": Outcome(Status.REJECTED),
        "905990000011": Outcome(Status.INVALID_MESSAGE_FORMAT),
        "905990000021": Outcome(Status.DELIVERED, 10 * second),
        "905990000022": Outcome(Status.DELIVERED, minute),
        "905990000023": Outcome(Status.DELIVERED, hour),
        "905990000024": Outcome(Status.DELIVERED, 24 * hour),
        "905990000030": Outcome(failed, None),
        "905990000041": Outcome(failed, gsm_error=1),
        "905990000042": Outcome(failed, gsm_error=27),
        "905990000043": Outcome(failed, gsm_error=31),
        "905990000044": Outcome(failed, gsm_error=32),
        "905990000045": Outcome(failed, gsm_error=34),
        "905990000046": Outcome(failed, gsm_error=256),
        "905990000047": Outcome(failed, gsm_error=500),
        "905990000048": Outcome(failed, gsm_error=2048),
    } == dict(MAGIC)
