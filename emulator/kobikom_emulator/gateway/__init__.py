"""Answers the vendor's requests and posts reports. It knows no HTTP server and no adapter."""
