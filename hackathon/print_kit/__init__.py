"""Sheets for the room: table cards and the poster."""
