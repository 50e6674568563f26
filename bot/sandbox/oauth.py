"""Installing and uninstalling the app: codes, tokens, and the events of a farewell."""

import secrets

from bot.sandbox.config import SandboxConfig
from bot.sandbox.envelopes import Envelopes
from bot.sandbox.errors import SlackError
from bot.sandbox.records import Json
from bot.sandbox.state import Workspace


class Grants:
    """Codes given out by the consent page, each good for one token."""

    def __init__(self, config: SandboxConfig, workspace: Workspace, envelopes: Envelopes) -> None:
        self._config = config
        self._workspace = workspace
        self._envelopes = envelopes
        self._codes: dict[str, tuple[str, str, str]] = {}

    def allow(self, installer: str, scopes: str, redirect_uri: str) -> str:
        """A code for the app, as the consent page gives it to its redirect URL."""
        code = f"{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"
        self._codes[code] = (installer, scopes, redirect_uri)
        return code

    def exchange(self, code: str, client_id: str, client_secret: str, redirect_uri: str) -> Json:
        """Trade a code for the bot's token.

        Raises SlackError: invalid_client_id, bad_client_secret, invalid_code, bad_redirect_uri.
        """
        if client_id != self._config.client_id:
            raise SlackError("invalid_client_id")
        if client_secret != self._config.client_secret:
            raise SlackError("bad_client_secret")
        if code not in self._codes:
            raise SlackError("invalid_code")
        installer, scopes, asked = self._codes.pop(code)
        if redirect_uri and asked and redirect_uri != asked:
            raise SlackError("bad_redirect_uri")
        self._workspace.set_installed(True)
        story = self._config.story
        return {
            "ok": True,
            "access_token": self._config.bot_token,
            "token_type": "bot",
            "scope": scopes,
            "bot_user_id": self._config.bot_user,
            "app_id": self._config.app_id,
            "team": {"id": story.team_id, "name": story.workspace_name},
            "enterprise": None,
            "is_enterprise_install": False,
            "authed_user": {"id": installer},
        }

    def uninstall(self) -> None:
        """Remove the app: its token dies, and it is told."""
        ts = self._workspace.next_ts()
        tokens = {"oauth": [], "bot": [self._config.bot_user]}
        bot = self._config.bot_user
        self._envelopes.event({"type": "tokens_revoked", "tokens": tokens, "event_ts": ts}, bot)
        self._envelopes.event({"type": "app_uninstalled", "event_ts": ts}, bot)
        self._workspace.set_installed(False)
