"""What people vote on, and when: facilitators write statements, open the vote and close it."""
