"""Statements rated in secret."""
