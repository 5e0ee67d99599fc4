"""The ground floor: database, configuration, clock, codes and errors. It knows nobody above it."""
