"""Faults on demand: rules with a match, a when and an effect; one effect a file, composed in a chain (clause E).

To add an effect: copy `effect.py`'s no-op into a new file, override a hook, add it to `AnyEffect` in `rule.py`. May be
imported by gateway, settings and control.
"""
