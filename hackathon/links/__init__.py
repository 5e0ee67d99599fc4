"""Telling two people that they say something alike."""
