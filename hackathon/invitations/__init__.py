"""Lists of people to invite: taking them in, what became of each invitation, and saying no to one."""
