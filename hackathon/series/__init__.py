"""Several events in several places under one question."""
