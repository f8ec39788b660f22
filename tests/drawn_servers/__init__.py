"""Servers drawn by seed: honest ones, which a judge must leave alone, and lying ones, which it must catch."""
