"""The headings under which an event thinks."""
