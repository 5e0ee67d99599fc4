"""What people do with a place themselves: several at once, saying anew, taking an offer, giving it up."""
