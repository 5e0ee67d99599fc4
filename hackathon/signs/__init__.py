"""Signs that show the way, and the run sheet on paper."""
