"""How an event looks after what people say, said from its own settings."""
