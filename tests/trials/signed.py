"""Slack's own signed requests, without Slack."""

from __future__ import annotations

import time
from urllib.parse import urlencode

import aiohttp
from slack_sdk.signature import SignatureVerifier


async def command(
    http: aiohttp.ClientSession,
    port: int,
    *,
    secret: str,
    user: str,
    team: str,
    text: str,
    trigger: str,
) -> bool:
    """Type `/lost text` as Slack would send it and say whether it was acknowledged."""
    body = urlencode(
        {
            "command": "/lost",
            "text": text,
            "user_id": user,
            "user_name": "rep",
            "team_id": team,
            "channel_id": "C0NOWHERE",
            "trigger_id": trigger,
            "response_url": "http://127.0.0.1:9/none",
            "api_app_id": "A0SANDBOX",
        }
    )
    now = str(int(time.time()))  # Slack signs by the real time
    signature = SignatureVerifier(secret).generate_signature(timestamp=now, body=body) or ""
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Slack-Request-Timestamp": now,
        "X-Slack-Signature": signature,
    }
    url = f"http://127.0.0.1:{port}/slack/events"
    try:
        async with http.post(url, data=body, headers=headers) as answer:
            await answer.read()
            return answer.status == 200
    except aiohttp.ClientError:
        return False
