"""Partners, patients and staff of a simulation: they act through the topics that people and partners will use."""
