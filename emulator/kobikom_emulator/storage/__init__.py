"""Adapters of `ports.Store`. Rows in, rows out: no rules, no clock, no ids of their own."""
