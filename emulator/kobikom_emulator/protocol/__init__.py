"""The vendor's wire format: bytes to typed values and back.

It has no clock, no sockets and no business rules. Names follow the vendor's Turkish words.
"""
