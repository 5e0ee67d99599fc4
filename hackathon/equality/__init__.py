"""Who is reached and who is not: an equality form that belongs to nobody, kept as counts and nothing else."""
