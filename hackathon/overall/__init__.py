"""The figures of a series: of each place, and of the whole."""
