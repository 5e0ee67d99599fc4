"""What is promised, to whom, and out of how many."""
