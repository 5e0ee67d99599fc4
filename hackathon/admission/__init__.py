"""Who is let in: by a yes, by lot, by taking what was offered in time; and how somebody gives a place up."""
