"""What people noticed, in their own words; what others replied; what was asked before the day."""
