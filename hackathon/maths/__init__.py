"""Numbers in, numbers out: pure functions on plain values, each naming its formula and source."""
