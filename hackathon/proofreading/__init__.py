"""What is wrong with a pack on disk, in which file and on which line, and what to do about it."""
