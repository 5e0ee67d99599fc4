"""What is done without anybody asking: by the clock, or because a day has come."""
