"""The report of an event, as a page and on paper."""
