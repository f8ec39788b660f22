"""Faults on demand (clause E): rules that say which requests fail, when, and how. Each kind of fault is one file; they
are registered in `kinds.py`.
"""
