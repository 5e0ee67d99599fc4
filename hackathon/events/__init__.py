"""Events, their stages, who runs them, and the log of everything that happens in them."""
