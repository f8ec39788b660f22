"""What each exchange with a server may change, and what every answer must be: checked on all traffic of a run.

A contract asks its own question; the audit looks at every exchange that any contract makes. It keeps what was accepted,
what that may cost, and which reports were given, and yields a violation of the statement that an answer breaks.
"""

from kobikom_contracts.server_suite.audit.audit import Audit

__all__ = ["Audit"]
