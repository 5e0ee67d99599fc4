"""What people need, what they eat and whether they may be photographed: each for those alone whom the form named."""
