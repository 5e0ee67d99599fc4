"""The front desk: who is here, found by three letters or a ticket, with and without a network."""
