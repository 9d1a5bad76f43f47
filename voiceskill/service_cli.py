"""The commands of the service: ``voiceskill service install``, ``status`` and ``remove``."""

from __future__ import annotations

import sys

import typer

service_app = typer.Typer(rich_markup_mode=None, help="The assistant as a service at login.")


@service_app.command("install")
def install() -> None:
    """Start the assistant now and at every login, watched and restarted by systemd."""
    from voiceskill import service

    sys.stdout.write(f"{service.install()}\n{service.WITHOUT_LOGIN}\n")


@service_app.command("status")
def status() -> None:
    """Whether the service is installed and running."""
    from voiceskill import service

    sys.stdout.write("\n".join(service.status()) + "\n")


@service_app.command("remove")
def remove() -> None:
    """Stop the service and remove it."""
    from voiceskill import service

    sys.stdout.write("removed\n" if service.remove() else "there is no service to remove\n")
