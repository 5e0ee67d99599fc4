"""The page of one insight: what is answered to it, by anybody, and where its author hears of it."""
