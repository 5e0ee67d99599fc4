"""Those who answer: comments and replies, the desk of the community managers, moderation and care."""
