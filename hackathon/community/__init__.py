"""Those who answer: comments and replies, and the desk of the community managers."""
