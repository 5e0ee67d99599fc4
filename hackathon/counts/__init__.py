"""Counting what people said and who came, each row once: before anything is worked out from it."""
