"""What can be typed after `python -m bot`."""

from __future__ import annotations

import argparse

ROLES = ("rep", "manager", "executive", "finance", "admin")
REPORTS = ("drawer", "accounts", "losses", "members", "ledger", "leaderboard", "audit")


def parser() -> argparse.ArgumentParser:
    """Make the parser; each command carries what runs it, as `module.function` of this package.

    By name, so that a command loads what it needs and no more.
    """
    made = argparse.ArgumentParser(
        prog="python -m bot",
        description="Lost & Found, the win-back desk. Without a command: web and worker in one.",
    )
    made.set_defaults(run="processes.both")
    commands = made.add_subparsers(title="commands", metavar="COMMAND")
    _add_processes(commands)
    _add_files(commands)
    _add_desk(commands)
    _add_work(commands)
    return made


def _add_processes(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    web = commands.add_parser("web", help="listen to Slack; any number of these")
    web.set_defaults(run="processes.web")
    worker = commands.add_parser("worker", help="do what the clock asks for; any number of these")
    worker.set_defaults(run="processes.worker")
    sandbox = commands.add_parser("sandbox", help="try it all in a workspace on this machine")
    sandbox.add_argument("--port", type=int, default=8099, help="where its page is (8099)")
    sandbox.add_argument("--state", default=".sandbox", help="folder that keeps its state")
    sandbox.add_argument("--reset", action="store_true", help="begin afresh")
    sandbox.set_defaults(run="processes.sandbox")
    migrate = commands.add_parser("migrate", help="upgrade the database")
    migrate.set_defaults(run="setup.migrate")
    doctor = commands.add_parser("doctor", help="check the installation, and how to mend it")
    _add_workspace(doctor)
    _add_json(doctor)
    doctor.set_defaults(run="setup.doctor")
    manifest = commands.add_parser("manifest", help="print the app manifest to install")
    manifest.add_argument("platform", nargs="?", choices=("slack",), default="slack")
    manifest.add_argument("--url", default="", help="the public address, where Slack calls it")
    manifest.set_defaults(run="setup.manifest")


def _add_files(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    importing = commands.add_parser("import", help="take in a CSV or Excel file")
    importing.add_argument("file")
    importing.add_argument("--as", dest="kind", choices=("accounts", "losses", "members"))
    importing.add_argument("--map", action="append", default=[], metavar="COL=FIELD")
    importing.add_argument("--where", action="append", default=[], metavar="COL=VALUE")
    importing.add_argument(
        "--date-order", choices=("month first", "day first"), help="how 3/4/2026 is meant"
    )
    importing.add_argument(
        "--fill-down",
        action="store_true",
        help="rows that name no account are about the one named above them",
    )
    importing.add_argument("--dry-run", action="store_true", help="say what would happen")
    _add_workspace(importing)
    _add_json(importing)
    importing.set_defaults(run="files.take_in")
    exporting = commands.add_parser("export", help="write a report to a file or the screen")
    exporting.add_argument("report", choices=REPORTS)
    exporting.add_argument("--format", choices=("csv", "xlsx"), default="csv")
    exporting.add_argument("--out", metavar="FILE")
    _add_workspace(exporting)
    _add_json(exporting)
    exporting.set_defaults(run="files.give_out")


def _add_desk(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    team = commands.add_parser("team", help="who is in")
    acts = team.add_subparsers(title="acts", metavar="list|add|remove", required=True)
    listing = acts.add_parser("list", help="list the team")
    _add_out(listing)
    listing.set_defaults(run="desk.team_list")
    add = acts.add_parser("add", help="take people in, by their Slack user id")
    add.add_argument("users", nargs="+", metavar="USER")
    add.add_argument("--role", choices=ROLES, default="rep")
    add.set_defaults(run="desk.team_add")
    remove = acts.add_parser("remove", help="take people out, by their Slack user id")
    remove.add_argument("users", nargs="+", metavar="USER")
    remove.set_defaults(run="desk.team_remove")
    settings = commands.add_parser("settings", help="show or set what a workspace has decided")
    settings.add_argument("changes", nargs="*", metavar="KEY=VALUE")
    _add_out(settings)
    settings.set_defaults(run="desk.settings")
    deal = commands.add_parser("deal", help="deal out the drawer")
    deal.add_argument("--preview", action="store_true", help="only say who would get what and why")
    deal.set_defaults(run="desk.deal")
    for made in (listing, add, remove, settings, deal):
        _add_workspace(made)
        _add_json(made)


def _add_work(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    jobs = commands.add_parser("jobs", help="what the bot does by the clock")
    acts = jobs.add_subparsers(title="acts", metavar="list|run", required=True)
    listing = acts.add_parser("list", help="list the jobs, name first")
    _add_json(listing)
    listing.set_defaults(run="work.jobs_list")
    run = acts.add_parser("run", help="one pass of a job")
    run.add_argument("name")
    run.add_argument("--at", metavar="ISO-INSTANT", help="as if it were then")
    _add_workspace(run)
    _add_json(run)
    run.set_defaults(run="work.jobs_run")
    deliver = commands.add_parser("deliver", help="send what waits in the outbox")
    deliver.add_argument("--until-empty", action="store_true", help="go on until nothing waits")
    _add_workspace(deliver)
    _add_json(deliver)
    deliver.set_defaults(run="work.deliver")


def _add_workspace(to: argparse.ArgumentParser) -> None:
    to.add_argument("--workspace", metavar="TEAM_ID", help="which one, where several are installed")


def _add_json(to: argparse.ArgumentParser) -> None:
    to.add_argument("--json", action="store_true", help="print data as JSON")


def _add_out(to: argparse.ArgumentParser) -> None:
    to.add_argument("--out", metavar="FILE", help="write to a file instead of the screen")
