"""Paper: numbered capture cards, and typing in what people wrote on them."""
