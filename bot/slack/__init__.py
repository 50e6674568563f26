"""Slack: payloads in, events out; views in, Block Kit out. Nothing above knows that it is Slack."""
