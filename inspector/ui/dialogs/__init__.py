"""Modal sheets: settings, keys, help, limits."""
