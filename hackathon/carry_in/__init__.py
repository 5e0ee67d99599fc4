"""What people outside said, carried to the tables to be answered there."""
