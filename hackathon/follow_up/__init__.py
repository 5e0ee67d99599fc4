"""What was recommended, what was decided, and what people promised to do."""
