"""The dialect: bytes to typed wire values and back.

Pure: no clock, no sockets, no rules of the business. Turkish words live here and nowhere deeper. Imports nothing of the
project outside this folder; the gateway is its only user.
"""
