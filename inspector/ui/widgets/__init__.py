"""Parts that belong to no subject: actions, icons, themes, layouts, file dialogs. Imports nothing of the window."""
