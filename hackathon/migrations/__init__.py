"""How the schema came to be, step by step; every step keeps the data."""
