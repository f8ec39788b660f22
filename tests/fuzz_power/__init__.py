"""A shop's notification service with switches for realistic mistakes, and a count of the mistakes that days find."""
