"""From a measured run to a bundle that the app loads, with its card."""
