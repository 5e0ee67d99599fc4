"""What happens when somebody types `python3 app.py`. It knows nothing of the house but its configuration."""
