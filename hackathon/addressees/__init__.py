"""To whom a letter goes: the audiences of an event, each address once."""
