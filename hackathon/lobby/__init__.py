"""Where people arrive: the front page, the event's page, the wall and its stream."""
