"""`ripresa scenario`, as people type it: files checked, compared, stored and given back (SCN-13)."""

import json

import pytest

from tests.installs import Install, read_json

FILE = """\
# How we write to those who leave.
version: 1
name: Left in the cart
languages: {default: en}
sender: {name: Bottega, email: ciao@bottega.test}
branches:
  - name: small
    when: {cart_value: {lt: "2000.00"}}
    steps:
      - {id: first, after: 0h, send: [email], template: reminder}
  - name: large
    steps:
      - {id: tell, after: 0h, notify: agent, stage: check_out_abandoned}
      - {id: late, after: 48h, only_if: {deal_stage: check_out_abandoned}, send: [email], template: reminder}
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "cart.yaml").write_text(FILE)
    (tmp_path / "slower.yaml").write_text(FILE.replace("48h", "72h"))
    (tmp_path / "wrong.yaml").write_text(FILE.replace("template: reminder", "template: remindr"))
    return tmp_path


def test_several_files_are_checked_at_once_and_one_wrong_one_fails_all(commands, folder):
    run = commands.run(
        "scenario", "validate", str(folder / "cart.yaml"), str(folder / "wrong.yaml")
    )
    assert run.process.returncode == 1
    assert run.result == f"{folder / 'cart.yaml'} is fine.\n"
    wrong = f"{folder / 'wrong.yaml'}"
    assert run.said.splitlines() == [
        f"ripresa: {wrong}:10: branches[0].steps[0].template: there is no template 'remindr'; did you mean 'reminder'?",
        f"{wrong}:14: branches[1].steps[1].template: there is no template 'remindr'; did you mean 'reminder'?",
    ]  # fmt: skip
    told = json.loads(
        commands.run("scenario", "validate", str(folder / "cart.yaml"), wrong, "--json").result
    )
    assert told["valid"] is False
    assert told["files"][0] == {
        "file": str(folder / "cart.yaml"),
        "valid": True,
        "name": "Left in the cart",
    }
    assert told["files"][1]["problems"][0]["line"] == 10
    fine = commands.run("scenario", "validate", str(folder / "cart.yaml"), "--json")
    assert (fine.process.returncode, json.loads(fine.result)["valid"]) == (0, True)


def test_a_difference_is_told_by_what_it_means(commands, folder):
    cart, slower = str(folder / "cart.yaml"), str(folder / "slower.yaml")
    assert commands.run("scenario", "diff", cart, slower).result == (
        "branches[large].steps[late].after: 2d → 3d\n"
    )
    assert read_json(commands.run("scenario", "diff", cart, slower, "--json")) == {
        "same": False,
        "changes": [{"field": "branches[large].steps[late].after", "before": "2d", "after": "3d"}],
    }
    assert commands.run("scenario", "diff", cart, cart).result == "Both mean the same.\n"
    wrong = commands.run("scenario", "diff", cart, str(folder / "wrong.yaml"))
    assert (wrong.process.returncode, "did you mean 'reminder'?" in wrong.said) == (1, True)
    absent = commands.run("scenario", "diff", cart, str(folder / "none.yaml"))
    assert (absent.process.returncode, "there is no file" in absent.said) == (1, True)


def test_a_file_goes_in_and_comes_out_word_for_word(commands: Install, folder):
    shop = ("--shop", "files")
    assert commands.run("shop", "create", "files").process.returncode == 0
    cart, slower = str(folder / "cart.yaml"), str(folder / "slower.yaml")
    # An editor's mark before the text is none of it.
    (folder / "marked.yaml").write_text(FILE, encoding="utf-8-sig")
    for file, version, is_new in ((cart, 1, True), (str(folder / "marked.yaml"), 1, False)):
        made = read_json(commands.run("scenario", "import", file, *shop, "--json"))
        assert made == {"name": "Left in the cart", "version": version, "new": is_new}
    exported = commands.run("scenario", "export", "Left in the cart", *shop)
    assert exported.result == FILE

    assert commands.run("scenario", "diff", "Left in the cart", cart, *shop).result == (
        "Both mean the same.\n"
    )
    assert commands.run("scenario", "diff", "Left in the cart", slower, *shop).result == (
        "branches[large].steps[late].after: 2d → 3d\n"
    )
    unknown = commands.run("scenario", "diff", "Left", cart, *shop)
    assert (unknown.process.returncode, "it has: 'Left in the cart'" in unknown.said) == (1, True)


def test_with_a_shop_a_file_is_checked_against_what_it_has(commands: Install, folder):
    shop = ("--shop", "strict")
    assert commands.run("shop", "create", "strict").process.returncode == 0
    text = FILE.replace("stage: check_out_abandoned", "stage: check_out")
    (folder / "stage.yaml").write_text(text)
    command = ("scenario", "validate", str(folder / "stage.yaml"))
    assert commands.run(*command).process.returncode == 0
    checked = commands.run(*command, *shop)
    assert checked.process.returncode == 1
    assert "there is no stage 'check_out'; did you mean 'check_out_abandoned'?" in checked.said

    step = "      - {id: first, after: 0h, send: [email], template: reminder}\n"
    more = "".join(step.replace("first", name) for name in "abcd")
    (folder / "five.yaml").write_text(FILE.replace(step, step + more))
    five = ("scenario", "validate", str(folder / "five.yaml"), *shop)
    assert "must hold at most 4 steps to the customer, not 5" in commands.run(*five).said
    assert commands.run("scenario", "limit", "5", *shop).process.returncode == 0
    assert commands.run(*five).process.returncode == 0
