"""What the letters of an event say: the facts that each needs, its words, and how they look as text and as HTML."""
