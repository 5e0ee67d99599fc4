"""A few words to begin with, so that no wall is empty in the morning: marked, and counted nowhere."""
