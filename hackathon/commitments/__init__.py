"""What people say that they will do, and whether they did."""
