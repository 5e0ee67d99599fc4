"""Privacy that acts: what is kept about whom and until when, one's own copy, erasing it, and the proof of both."""
