"""`spartito demo`: two companies with data and a history, served on one address."""

import sys

from spartito.cli.frame import Door, command, option


def _show(told: dict) -> str:
    """What a person needs to begin: addresses, who is who, the password."""
    lines = ["\r\033[K" if sys.stdout.isatty() else ""]
    for company in told["tenants"]:
        lines += [f"{company['name']} ({company['date']})", f"  {company['address']}"]
        width = max(len(user["username"]) for user in company["users"])
        lines += [f"    {user['username']:<{width}}  {user['name']}, {user['profile']}" for user in company["users"]]
        lines.append("")
    lines += [f"Password of everybody: {told['password']}", *told["notes"]]
    return "\n".join(lines)


def _say(what: str, done: int, total: int | None) -> None:
    """One line on stderr that follows the work; on a file, only its big steps."""
    if sys.stderr.isatty():
        count = f" {done}/{total}" if total else ""
        print(f"\r\033[K{what}{count}", end="", file=sys.stderr, flush=True)
    elif not total:
        print(what, file=sys.stderr, flush=True)


@command("demo", show=_show)
@option("--port", default=8000, show_default=True, type=int)
@option("--no-serve", is_flag=True, help="Make and fill the companies, serve nothing.")
def demo(door: Door, /, port: int, no_serve: bool) -> dict | None:
    """Makes and fills the demo companies, runs the day, and serves them."""
    from spartito.demo.stage import make

    made = make(say=_say, port=port)
    if no_serve:
        return made
    print(_show(made), flush=True)
    from spartito.cli.serve import serve

    serve.main(args=["--port", str(port), "--worker"], standalone_mode=False, obj=door)
    return None
