"""What the stories of one rule group each share: a house on a tenant of their own, taken back afterwards."""

from collections.abc import Callable

import pytest

from tests.scenarios.house import House


@pytest.fixture
def lives(tenant, cli, tmp_path) -> Callable[..., House]:
    """`lives(story, code=policy, …)`: publishes every policy not named in a `publishes` line and lives the story.

    Every line must come true, word by word.
    """

    def live(story: str, **texts: str) -> House:
        house = House(cli, tmp_path, "anna")
        house.texts = {code: f"strategy: {code.split('_')[0]}\n{text}" for code, text in texts.items()}
        house.run("user", "create", "anna", "--profile", "credit_manager")
        later = {line.split("|")[1].split()[-1] for line in story.splitlines() if "| publishes" in line}
        for code in texts:
            if code not in later:
                path = tmp_path / f"{code}.yaml"
                path.write_text(house.texts[code])
                house.run("strategy", "load", path)
                house.run("strategy", "publish", code)
        told = house.live(story)
        expected = [line for line in story.strip().splitlines() if line.strip() and not line.startswith("#")]
        wrong = [f"told     {line}\nhappened {fact}" for line, fact in zip(expected, told, strict=True) if line != fact]
        assert not wrong, "\n" + "\n".join(wrong)
        return house

    return live
