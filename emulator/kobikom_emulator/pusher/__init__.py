"""Posts delivery reports over HTTP, to the addresses that may be posted to."""

from kobikom_emulator.pusher.addresses import OwnAddresses, is_loopback, is_private
from kobikom_emulator.pusher.http import RESPONSE_KEPT, Allowed, HttpPusher

__all__ = ["RESPONSE_KEPT", "Allowed", "HttpPusher", "OwnAddresses", "is_loopback", "is_private"]
