"""How the window ends: by the user, or by the system."""
