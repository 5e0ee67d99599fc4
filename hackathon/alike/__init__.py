"""While somebody types: what others have said that is alike."""
