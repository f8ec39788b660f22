"""Translates between the words of the wire and the domain's English. Nothing else outside `protocol` knows both."""
