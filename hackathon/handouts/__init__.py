"""The pack as people read it: filled in by its event, for whom it is meant, on screens and on paper."""
