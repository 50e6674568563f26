"""The Web API of the workspace: Slack's methods, by family."""
