"""Who would sit with whom, who never shall, and what somebody's table must be."""
