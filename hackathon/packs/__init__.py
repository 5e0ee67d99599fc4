"""Hack packs: what people need before and during an event, checked, released in time and frozen."""
