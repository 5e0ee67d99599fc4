"""Putting insights under themes, by two people who can be compared."""
