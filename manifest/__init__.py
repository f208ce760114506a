"""How the bot is installed: the Teams app package, its icons and its builder."""
