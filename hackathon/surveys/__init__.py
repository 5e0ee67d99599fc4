"""What people answered in the survey before the day: read by organisers, printed in part, and hidden with a reason."""
