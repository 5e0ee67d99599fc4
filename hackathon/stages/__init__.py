"""The stages of the day: opened by hand or by the clock, and taken back when it was a mistake."""
