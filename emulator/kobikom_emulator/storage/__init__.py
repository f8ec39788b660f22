"""Adapters of `ports.Store`. They store and find; they hold no rules, no clock and no ids."""
