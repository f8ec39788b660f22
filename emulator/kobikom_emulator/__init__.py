"""Law: the fake server's public face; imports nothing of its own until asked, so that starting stays fast."""
