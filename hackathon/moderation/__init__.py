"""What may be seen: read before it is shown, reported, hidden with a reason, or kept from everybody."""
