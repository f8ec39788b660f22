"""Law: deviant servers: one lie each, and the clause that must catch it. Only tests import it."""
