"""Everything the bot answers to: commands, buttons and forms, who may use them, and their handler.

Help, docs, App Home and the platforms' command lists are made from these rows.
"""

from __future__ import annotations

from domain.roles import Permission
from handlers import (
    accounts,
    board,
    bounties,
    claims,
    deal,
    deciding,
    drawer,
    help_page,
    letters,
    loss_form,
    losses,
    policy,
    settings_page,
    visits,
)
from handlers.events import Action, FormSubmitted
from handlers.rows import CommandRow, Row

_COMMAND_ROWS: tuple[CommandRow, ...] = (
    CommandRow(
        "help",
        "help",
        "what I can do for you",
        "everyone",
        Permission.ASK,
        help_page.listing(lambda: COMMANDS.values()),
    ),
    CommandRow(
        "mine",
        "mine",
        "the accounts in my hands, and what comes next",
        "rep",
        Permission.WORK_ACCOUNT,
        accounts.show_mine,
    ),
    CommandRow(
        "show",
        "show ACCOUNT",
        "all that is known of an account",
        "rep",
        Permission.WORK_ACCOUNT,
        accounts.show_account,
    ),
    CommandRow(
        "visit",
        "visit ACCOUNT",
        "write down whom you met and what you heard",
        "rep",
        Permission.WORK_ACCOUNT,
        visits.log_visit,
    ),
    CommandRow(
        "drawer",
        "drawer [FILTER]",
        "what waits for the next deal, by reason, age, rep or region",
        "manager",
        Permission.SEE_DRAWER,
        drawer.show_drawer,
    ),
    CommandRow(
        "found",
        "found ACCOUNT",
        "they came back: claim the win and its bounty",
        "rep",
        Permission.CLAIM,
        claims.claim_account,
    ),
    CommandRow(
        "bounties",
        "bounties",
        "my bounties and where they stand",
        "rep",
        Permission.CLAIM,
        bounties.show_my_bounties,
    ),
    CommandRow(
        "deal",
        "deal",
        "deal the drawer out; you see first who would get what, and why",
        "manager",
        Permission.DEAL,
        deal.preview_deal,
    ),
    CommandRow(
        "undo",
        "undo",
        "take the latest deal back",
        "manager",
        Permission.DEAL,
        deal.undo_last_deal,
    ),
    CommandRow(
        "settings",
        "settings [NAME VALUE]",
        "what we have decided, and how to change it",
        "manager",
        Permission.CHANGE_SETTINGS,
        settings_page.show_or_change,
    ),
    CommandRow(
        "board",
        "board [PERIOD]",
        "the leaderboard of the week, month or quarter",
        "everyone",
        Permission.ASK,
        board.show_board,
    ),
    CommandRow(
        "policy",
        "policy",
        "how we win customers back",
        "everyone",
        Permission.ASK,
        policy.show_policy,
    ),
)

_ACTION_ROWS: tuple[Row[Action], ...] = (
    Row("snooze.open", Permission.WORK_ACCOUNT, snoozing.open_snooze),
    Row("me.open", Permission.WORK_ACCOUNT, me.open_me),
    Row("home.page", Permission.ASK, today.turn_home),
    Row("letter.resend", Permission.MANAGE_TEAM, letters.resend),
    Row("loss.open", Permission.LOG_LOSS, loss_form.open_loss_form),
    Row("loss.known", Permission.LOG_LOSS, losses.log_for_known),
    Row("loss.new", Permission.LOG_LOSS, losses.log_for_new),
    Row("loss.another", Permission.LOG_LOSS, losses.log_another),
    Row("loss.add", Permission.LOG_LOSS, losses.add_words),
    Row("loss.edit", Permission.LOG_LOSS, loss_form.open_correction),
    Row("loss.undo", Permission.LOG_LOSS, loss_form.undo_loss),
    Row("mine.page", Permission.WORK_ACCOUNT, accounts.turn_mine),
    Row("account.show", Permission.WORK_ACCOUNT, accounts.show_account_meant),
    Row("drawer.page", Permission.SEE_DRAWER, drawer.turn_drawer),
    Row("visit.open", Permission.WORK_ACCOUNT, visits.open_visit),
    Row("claim.open", Permission.CLAIM, claims.open_claim_form),
    Row("claim.meant", Permission.CLAIM, claims.claim_meant),
    Row("claim.approve", Permission.APPROVE, deciding.approve_claim),
    Row("claim.decline", Permission.APPROVE, deciding.ask_why_declined),
    Row("deal.page", Permission.DEAL, deal.turn_page),
    Row("deal.confirm", Permission.DEAL, deal.confirm_deal),
    Row("deal.cancel", Permission.DEAL, deal.cancel_deal),
    Row("deal.undo", Permission.DEAL, deal.undo_deal),
    Row("board.post", Permission.CHANGE_SETTINGS, board.post_board),
    Row("settings.change", Permission.CHANGE_SETTINGS, settings_page.open_group),
)

_FORM_ROWS: tuple[Row[FormSubmitted], ...] = (
    Row("snooze", Permission.WORK_ACCOUNT, snoozing.send_snooze),
    Row("me", Permission.WORK_ACCOUNT, me.send_me),
    Row("loss", Permission.LOG_LOSS, loss_form.send_loss),
    Row("loss.correct", Permission.LOG_LOSS, loss_form.send_correction),
    Row("visit", Permission.WORK_ACCOUNT, visits.send_visit),
    Row("claim.send", Permission.CLAIM, claims.send_claim),
    Row("claim.decline", Permission.APPROVE, deciding.decline_claim),
    Row("settings.save", Permission.CHANGE_SETTINGS, settings_page.save_group),
)

COMMANDS: dict[str, CommandRow] = {row.name: row for row in _COMMAND_ROWS}
ACTIONS: dict[str, Row[Action]] = {row.id: row for row in _ACTION_ROWS}
FORMS: dict[str, Row[FormSubmitted]] = {row.id: row for row in _FORM_ROWS}
