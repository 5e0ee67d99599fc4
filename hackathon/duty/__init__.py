"""What is promised to whoever asks something, and when somebody is on duty to keep it."""
