"""The figures of a series as a spreadsheet."""

from hackathon.adapters.sheets import sheet_text
from hackathon.overall.document import SeriesFigures

WHOLE = "whole"


def figures_as_csv(found: SeriesFigures) -> bytes:
    """One line for each value: the way to it in `series-figures.json`, then each place by its code, then the whole."""
    header = ["figure", *(place.event.code for place in found.places), WHOLE]
    return sheet_text(header, found.as_rows()).encode("utf-8-sig")
