"""Practising the day with the real thing: everything is marked, counts nowhere, and is wiped at the end."""
