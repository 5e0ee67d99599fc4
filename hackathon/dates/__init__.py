"""The days of an event, counted back and on from the one on which it is held."""
