"""Answers the vendor's requests: bytes in, bytes out, with a journal entry for each."""
