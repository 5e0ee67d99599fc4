"""What the door needs on paper: badges, the list from A to Z, the sign by which people say that they are here."""
