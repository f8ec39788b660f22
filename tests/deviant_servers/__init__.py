"""Deviant servers: each breaks one clause, which must catch it."""
