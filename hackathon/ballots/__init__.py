"""Paper: ballots with one-time codes, given out and typed in."""
