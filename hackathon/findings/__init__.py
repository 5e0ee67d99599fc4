"""What the figures of an event come to, in sentences."""
