"""Who comes: registration, places, personal links, the door."""
