"""What each space was asked, what it answered and why: entries, notes with their clauses, and their JSON."""
