"""What the ballots amount to, once the vote has closed."""
