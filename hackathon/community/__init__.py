"""The desk of those who answer: what waits, who has it in hand, and what is promised."""
