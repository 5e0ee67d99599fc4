"""The mail calendar of an event: which letter goes to whom, on which day, and how far it has got."""
