"""Who sits where: the wishes, a plan that mixes people, and moving them by hand."""
