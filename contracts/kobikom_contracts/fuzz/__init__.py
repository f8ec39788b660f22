"""`kobikom-contracts fuzz`: a test command in any language, run on one day after another."""
