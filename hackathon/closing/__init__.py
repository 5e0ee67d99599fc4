"""The end of an event's life: its people are forgotten on a day that was told, and a certificate says so."""
