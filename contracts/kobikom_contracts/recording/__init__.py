"""Recorded traffic: exchanges as values, HAR files, and the proxy that records."""
