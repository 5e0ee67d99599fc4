"""Where staff plan and run an event."""
