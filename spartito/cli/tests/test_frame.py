"""What scripts rely on: where --json and --tenant may stand, exit statuses, one JSON object and nothing else."""

import json
from datetime import date
from decimal import Decimal

import pytest

from spartito.cli.frame import Door, Frame, as_json_value, as_text, command, commands_of, group, module_names, run
from spartito.cli.main import root
from spartito.platform.errors import Refused


@pytest.fixture
def spoken(capsys):
    """A small command line with one command, run in this process."""

    @command("speak", database=False)
    def speak(door: Door, /):
        """Says what it knows."""
        if door.tenant_slug == "refuse":
            raise Refused("not\ntoday")
        return {"amount": Decimal("1.50"), "day": date(2026, 1, 2), "tenant": door.tenant_slug}

    inner = group("inner")
    inner.add_command(speak)
    frame = Frame(name="x", commands={"speak": speak, "inner": inner})
    frame.get_command = lambda ctx, name: {"speak": speak, "inner": inner}.get(name)

    def call(*arguments):
        status = run(frame, list(arguments))
        return status, *capsys.readouterr()

    return call


@pytest.mark.parametrize(
    "arguments",
    [
        ("--json", "--tenant", "a", "speak"),
        ("speak", "--json", "--tenant", "a"),
        ("--json", "speak", "--tenant", "a"),
        ("inner", "--json", "speak", "--tenant", "a"),
    ],
)
def test_shared_options_stand_before_or_after(spoken, arguments):
    status, out, err = spoken(*arguments)
    assert (status, err) == (0, "")
    assert json.loads(out) == {"amount": "1.50", "day": "2026-01-02", "tenant": "a"}


def test_people_get_lines(spoken):
    assert spoken("speak")[1] == "amount: 1.50\nday: 2026-01-02\ntenant: -\n"


def test_a_refusal_is_one_line_on_stderr_and_status_1(spoken):
    assert spoken("speak", "--tenant", "refuse", "--json") == (1, "", "not today\n")


@pytest.mark.parametrize(
    "arguments", [["nonsense"], ["tenant", "create"], ["tenant", "list", "--what"], ["serve", "--port", "x"]]
)
def test_wrong_usage_is_status_2(capsys, arguments):
    assert run(root, arguments) == 2
    assert capsys.readouterr().out == ""


def test_every_module_holds_commands_with_a_sentence_of_help():
    found = {name: each for module in module_names() for name, each in commands_of(module).items()}
    assert {"tenant", "database", "migrate", "serve", "worker"} <= set(found)
    assert [name for name, each in found.items() if not (each.help or "").strip()] == []


@pytest.mark.parametrize(
    ("amount", "told"), [("0", "0.00"), ("5.1", "5.10"), ("-1E+2", "-100.00"), ("1.50", "1.50"), ("0.125", "0.125")]
)
def test_amounts_have_two_decimals(amount, told):
    assert as_json_value(Decimal(amount)) == told


def test_json_knows_nothing_it_cannot_say():
    with pytest.raises(TypeError):
        as_json_value(object())


def test_lists_of_rows_become_tables():
    assert as_text({"rows": [{"a": 1, "b": None}, {"a": 22, "b": "x"}]}).splitlines() == [
        "rows:",
        "  a   b",
        "  1   -",
        "  22  x",
    ]


def test_an_unknown_tenant_is_refused(cli):
    from spartito.cli.frame import run as run_line

    assert run_line(root, ["--tenant", "nobody", "ageing"]) == 1
