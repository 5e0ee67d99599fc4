"""What the house promises, checked: a mirror of `hackathon/`, and journeys, pages, house rules and measurements."""
