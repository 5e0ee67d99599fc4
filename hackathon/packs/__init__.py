"""Hack packs: what people need before and during an event, on disk and as each event took its own."""
