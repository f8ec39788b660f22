"""Days that an integration must get through: the catalogue with one thing wrong each, and scenarios drawn on top."""
