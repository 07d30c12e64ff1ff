"""The main window, its bars and menus, and what connects them."""
