"""Replays recordings against a server, and compares the answers statement by statement."""
