"""What was asked, answered and why: entries, notes with their clauses, and their rendering for readers."""
