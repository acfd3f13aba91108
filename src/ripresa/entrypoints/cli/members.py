"""`ripresa user`, beside creating: who works in a shop, and what they may do."""

from typing import Annotated

import typer

from ripresa.entrypoints.cli import home
from ripresa.entrypoints.cli.problem import Problem
from ripresa.entrypoints.cli.results import json_text
from ripresa.entrypoints.cli.shops import AsJson, find_shop

app = typer.Typer()

ShopSlug = Annotated[str, typer.Option("--shop", help="The shop's short name.")]
Email = Annotated[str, typer.Argument(help="The address to sign in with.")]
Role = Annotated[str, typer.Option(help="owner, marketer, agent or viewer.")]


@app.command("list")
def list_users(shop_slug: ShopSlug, as_json: AsJson = False) -> None:
    """List who works in a shop, and who is asked to."""
    with home.ready():
        from ripresa.usecases.members.listing import list_members

        rows = [
            {
                "email": one.email,
                "role": one.membership.role,
                "is_invited": one.membership.invited_at is not None,
                "has_second_factor": one.has_second_factor,
            }
            for one in list_members(find_shop(shop_slug).id)
        ]
    if as_json:
        typer.echo(json_text({"users": rows}))
        return
    for row in rows:
        marks = ["invited"] * bool(row["is_invited"]) + ["2FA"] * bool(row["has_second_factor"])
        typer.echo(f"{row['email']}  {row['role']}  {' '.join(marks)}".rstrip())


@app.command("invite")
def invite_user(email: Email, shop_slug: ShopSlug, role: Role = "marketer") -> None:
    """Mail somebody a link to join a shop; a worker sends it."""
    with home.ready() as config:
        from ripresa.usecases.members import joining

        try:
            joining.invite(
                shop_id=find_shop(shop_slug).id, email=email, role=role, now=config.clock.now()
            )
        except joining.NotAnAddress:
            raise Problem(f"{email!r} is no e-mail address") from None
        except joining.NotARole as wrong:
            raise Problem(str(wrong)) from None
        except joining.AlreadyMember:
            raise Problem(f"{email} works in {shop_slug} already") from None
    typer.echo(f"{email} is asked to join {shop_slug} as {role}.")


@app.command("role")
def change_role(email: Email, shop_slug: ShopSlug, role: Role) -> None:
    """Give somebody another role, at once."""
    with home.ready() as config:
        from ripresa.usecases.members import changing, joining

        shop = find_shop(shop_slug)
        try:
            member = changing.find_named(shop_id=shop.id, email=email)
            changing.change_role(
                shop_id=shop.id, membership_id=member.id, role=role, now=config.clock.now()
            )
        except (changing.NoSuchMember, joining.NotARole) as wrong:
            raise Problem(str(wrong)) from None
        except changing.LastOwner:
            raise Problem(f"{email} is the last owner of {shop_slug}: name another first") from None
    typer.echo(f"{email} is {role} of {shop_slug}.")


@app.command("remove")
def remove_user(email: Email, shop_slug: ShopSlug) -> None:
    """Take somebody out of a shop, at once."""
    with home.ready() as config:
        from ripresa.usecases.members import changing

        shop = find_shop(shop_slug)
        try:
            member = changing.find_named(shop_id=shop.id, email=email)
            changing.remove(shop_id=shop.id, membership_id=member.id, now=config.clock.now())
        except changing.NoSuchMember as wrong:
            raise Problem(str(wrong)) from None
        except changing.LastOwner:
            raise Problem(f"{email} is the last owner of {shop_slug}: name another first") from None
    typer.echo(f"{email} works in {shop_slug} no more.")
