"""A whole event as a folder of files, in and out."""
