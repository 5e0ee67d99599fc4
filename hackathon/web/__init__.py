"""Manners of the front desk: who may open an address, how forms are asked, how pages are dressed."""
