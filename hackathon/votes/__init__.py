"""Voting on statements: the rows of a vote, and ballots and ratings cast in secret."""
