"""What the registration form of an event asks: added, changed and taken off at the desk."""
