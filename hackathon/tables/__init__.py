"""Tables in the room, and the seats at them."""
