"""What was said and counts, and which of it a write-up quotes."""
