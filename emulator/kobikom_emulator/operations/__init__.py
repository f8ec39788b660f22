"""What can be done to a space or to the set of spaces: each operation validates, applies all or nothing under the
space's lock, and announces the change once.
"""
