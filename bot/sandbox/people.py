"""Who comes and goes: in channels, and in the workspace."""

from bot.sandbox.config import SandboxConfig
from bot.sandbox.envelopes import Envelopes
from bot.sandbox.records import Channel, Json
from bot.sandbox.state import Workspace
from bot.sandbox.story import Person


class Membership:
    """Joins, invites and deactivations, and the events they make."""

    def __init__(self, config: SandboxConfig, workspace: Workspace, envelopes: Envelopes) -> None:
        self._config = config
        self._workspace = workspace
        self._envelopes = envelopes

    def join(self, channel: Channel, who: str, inviter: str | None = None) -> bool:
        """Put someone, or the app, into a channel; False if they were in it."""
        if who in channel.members:
            return False
        channel.members.append(who)
        self._workspace.keep_channel(channel)
        if self._config.bot_user in channel.members:
            event: Json = {
                "type": "member_joined_channel",
                "user": who,
                "channel": channel.id,
                "channel_type": "G" if channel.private else "C",
                "team": self._config.story.team_id,
                "event_ts": self._workspace.next_ts(),
            }
            if inviter:
                event["inviter"] = inviter
            self._envelopes.event(event, self._config.bot_user)
        return True

    def leave(self, channel: Channel, who: str) -> None:
        """Take someone, or the app, out of a channel."""
        there = self._config.bot_user in channel.members
        channel.members.remove(who)
        self._workspace.keep_channel(channel)
        if there:
            self._envelopes.event(
                {
                    "type": "member_left_channel",
                    "user": who,
                    "channel": channel.id,
                    "channel_type": "G" if channel.private else "C",
                    "team": self._config.story.team_id,
                    "event_ts": self._workspace.next_ts(),
                },
                self._config.bot_user,
            )

    def set_deleted(self, person: str, *, deleted: bool) -> None:
        """Deactivate someone or bring them back. Raises KeyError for nobody."""
        self._workspace.set_deleted(person, deleted)
        ts = self._workspace.next_ts()
        self._envelopes.event(
            {
                "type": "user_change",
                "user": self.as_slack(self._workspace.people[person], email=False),
                "cache_ts": int(float(ts)),
                "event_ts": ts,
            },
            self._config.bot_user,
        )

    def app_as_slack(self) -> Json:
        """The app's bot user as users.info shows it."""
        name = self._config.manifest.bot_name
        bot = Person(self._config.bot_user, name.lower(), name, is_bot=True)
        shown = self.as_slack(bot, email=False)
        shown["profile"] |= {"api_app_id": self._config.app_id, "bot_id": self._config.bot_id}
        return shown

    def as_slack(self, person: Person, *, email: bool) -> Json:
        """The user object of the Web API, with the address only for whom it is."""
        now = self._workspace.local_time(person.tz)
        offset = now.utcoffset()
        profile: Json = {
            "title": person.title,
            "real_name": person.real_name,
            "real_name_normalized": person.real_name,
            "display_name": person.name,
            "display_name_normalized": person.name,
            "first_name": person.real_name.split(" ")[0],
            "last_name": person.real_name.rpartition(" ")[2],
            "team": self._config.story.team_id,
        }
        if email and not person.is_bot:
            profile["email"] = person.email or f"{person.name}@example.com"
        shown: Json = {
            "id": person.id,
            "team_id": self._config.story.team_id,
            "name": person.name,
            "deleted": person.deleted,
            "color": person.colour,
            "real_name": person.real_name,
            "profile": profile,
            "is_bot": person.is_bot,
            "is_app_user": False,
            "updated": 0,
        }
        if not person.deleted:
            shown |= {
                "tz": person.tz,
                "tz_label": person.tz_label or now.tzname() or person.tz,
                "tz_offset": int(offset.total_seconds()) if offset else 0,
                "is_admin": person.is_admin,
                "is_owner": person.is_owner,
                "is_primary_owner": person.is_owner,
                "is_restricted": False,
                "is_ultra_restricted": False,
                "is_email_confirmed": True,
            }
        return shown
