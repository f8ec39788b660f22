"""Law: the stateful machine."""
