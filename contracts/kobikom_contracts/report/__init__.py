"""Law: a run as something to read: terminal, JSON, JUnit, HTML. Judges nothing, asks nothing."""
