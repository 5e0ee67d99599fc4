"""Moving to another event of the series, without registering again."""
