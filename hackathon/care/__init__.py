"""What somebody told of harm: for the care lead alone, who answers in confidence."""
