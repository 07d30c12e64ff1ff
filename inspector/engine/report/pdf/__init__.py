"""The pages of report.pdf, in the order in which they are read."""
