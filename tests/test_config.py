"""config.toml: what is right loads whole, what is wrong says where it stands and what to do."""

from __future__ import annotations

from datetime import time
from pathlib import Path

import pytest

from worker import config, shipped
from worker.core.invoices import Mode
from worker.core.messages import Address
from worker.errors import SetupError

EXAMPLE = shipped.example_config().read_text(encoding="utf-8")


def written(folder: Path, *changes: tuple[str, str]) -> Path:
    """The example configuration with each text replaced once, in ``folder``."""
    text = EXAMPLE
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return path


def complaint(path: Path) -> str:
    with pytest.raises(SetupError) as caught:
        config.load(path)
    return str(caught.value)


def test_the_example_is_valid_and_complete_as_it_stands(tmp_path: Path) -> None:
    loaded = config.load(written(tmp_path))

    assert loaded.issuer.mode is Mode.OBSERVE
    assert loaded.outbox.sender == Address(email="billing@northwind.example", name="Northwind Studio Billing")
    assert loaded.digest.at == time(17, 30)
    for section in (loaded.issuer, loaded.inbox, loaded.outbox, loaded.digest):
        for name, field in type(section).model_fields.items():
            assert f"{field.alias or name} = " in EXAMPLE


def test_relative_paths_start_at_the_folder_of_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "my-rules").mkdir()
    loaded = config.load(written(tmp_path, ('# rules = "my-rules"', 'rules = "my-rules"')))

    assert loaded.database == f"sqlite:///{tmp_path}/addendum.db"
    assert loaded.rules == tmp_path / "my-rules"
    assert loaded.inbox.password_file == tmp_path / "secrets/inbox"


def test_a_loaded_configuration_cannot_be_changed(tmp_path: Path) -> None:
    loaded = config.load(written(tmp_path))
    with pytest.raises(ValueError, match="frozen"):
        loaded.issuer.mode = Mode.AUTO


def test_the_mailbox_is_the_login_where_that_is_an_address_else_where_letters_come_from(tmp_path: Path) -> None:
    assert config.load(written(tmp_path)).identity.mailbox == "billing@northwind.example"
    renamed = written(tmp_path, ('user = "billing@northwind.example"', 'user = "nw-inbox"'), ("<billing@", "<ana@"))
    assert config.load(renamed).identity.mailbox == "ana@northwind.example"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (
            ('password_file = "secrets/inbox"', 'pasword_file = "x"'),
            "line 37: [inbox] pasword_file is not a key that I know; did you mean password_file?",
        ),
        (("database = ", "poll_second = "), "line 6: poll_second is not a key that I know; did you mean poll_seconds in [inbox]?"),
        (("poll_seconds = 60", "often = 60"), "[inbox] often is not a key that I know; the keys here are user,"),
        (("from = ", "form = "), "[outbox] from is missing (the address that letters come from)."),
        (("[digest]", "[digests]"), "digests is not a key that I know; did you mean digest?"),
        (('host = "imap.northwind.example"', ""), "[inbox] host is missing (the mail server's name)."),
        (("port = 993 ", 'port = "993"'), "line 33: [inbox] port must be a whole number."),
        (("port = 993 ", "port = 0 "), "[inbox] port must be at least 1."),
        (("port = 993 ", "port = 99333 "), "[inbox] port must be at most 65535."),
        (("idle = true", 'idle = "yes"'), "[inbox] idle must be true or false, without quotes."),
        (('name = "Northwind Studio Ltd"', "name = 3"), "[issuer] name must be text in quotes."),
        (('name = "Northwind Studio Ltd"', 'name = ""'), "[issuer] name must not be empty."),
        (('name = "Northwind Studio Ltd"', 'name = "Northwind\\nBcc: x"'), "[issuer] name must be one line without control characters"),
        (("imap.northwind.example", "imaps://imap.northwind.example"), "[inbox] host must be a server's name alone"),
        (("imap.northwind.example", "imap.northwind.example:993"), "[inbox] host must be a server's name alone"),
        (('trusted_authserv = "', 'trusted_authserv = "mx.example; '), '[inbox] trusted_authserv must be the one word before the first'),
        (("addresses = [", 'addresses = "x@y.example" # ['), "[issuer] addresses must be a list in [brackets]."),
        (('"ana@northwind.example"]', '"ana"]'), "[issuer] addresses must be an address such as billing@example.com, not 'ana'."),
        (('mode = "observe"', 'mode = "automatic"'), "[issuer] mode must be one of 'observe', 'suggest' or 'auto'."),
        (('"Europe/London"', '"Europe/Londn"'), "[issuer] timezone must be a time zone such as Europe/Berlin, not 'Europe/Londn'."),
        (('at = "17:30"', 'at = "25:00"'), "[digest] at must be a time of day such as \"17:30\", not '25:00'."),
        (('at = "17:30"', "at = 17:30:00"), "[digest] at must be a time of day"),
        (("# rules = ", "rules = "), "rules names the folder"),
        (("<billing@northwind.example>", "<me@elsewhere.example>"), "[outbox] from is me@elsewhere.example, which is not in a domain"),
        (("Billing <billing@northwind.example>", "Billing"), "[outbox] from must be an address such as"),
        (('<billing@northwind', '<billing@nörthwind'), "[outbox] from is 'billing@nörthwind"),
        (('to = "ana@northwind.example"', 'to = "büro@northwind.example"'), "[digest] to is 'büro@northwind.example', which no letter can"),
        (('to = "ana@northwind.example"', 'to = "ana@nörthwind.example"'), "write the domain in its ASCII form (xn--…)"),
        (('tls = "implicit"   ', 'tls = "none"   '), '[inbox] has tls = "none" for imap.northwind.example; that is only for this machine'),
        (('# password_env = "ADDENDUM_INBOX', 'password_env = "ADDENDUM_INBOX'), "[inbox] has both password_file and password_env"),
        (('password_file = "secrets/inbox"', ""), "[inbox] has a user but no password; name its file with password_file"),
        (('password_file = "secrets/outbox"', 'password = "hunter2"'), "line 56: [outbox] holds a password; put it in a file"),
        (("sqlite:///addendum.db", "mysql://x/y"), "database must be"),
        (("sqlite:///addendum.db", "sqlite:///"), "database names no file"),
        (("sqlite:///addendum.db", "postgresql+psycopg://ann:secret@db/addendum"), "database holds a password; leave it out of the URL"),
        (("sqlite:///addendum.db", "postgresql+psycopg://ann@db/addendum?password=secret"), "database holds a password; leave it out"),
        (("sqlite:///addendum.db", "postgresql+psycopg://ann@db/x?sslmode=require&%70assword=secret"), "database holds a password; leave"),
        (("sqlite:///addendum.db", "postgresql+psycopg://ann@db:five/x"), "database is no URL"),
        (('[inbox]', "[inbox"), "is not valid TOML"),
    ],
    ids=lambda value: value[1] if isinstance(value, tuple) else None,
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_place(tmp_path: Path, change: tuple[str, str], says: str) -> None:
    path = written(tmp_path, change)
    told = complaint(path)
    assert says in told
    assert told.startswith(str(path))


def test_names_and_payment_lines_may_hold_the_spaces_and_joiners_of_any_script(tmp_path: Path) -> None:
    name, payment = "株式会社\u3000青空", "IBAN DE89\u00a03704\u00a00044, نامه\u200cها"
    written_so = written(tmp_path, ("Northwind Studio Ltd", name), ("payment = [", f'payment = ["{payment}", '))
    assert config.load(written_so).issuer.name == name
    assert config.load(written_so).issuer.payment[0] == payment


def test_a_secret_in_the_configuration_is_never_repeated(tmp_path: Path) -> None:
    assert "hunter2" not in complaint(written(tmp_path, ('password_file = "secrets/inbox"', 'password = "hunter2"')))
    assert "s3cret" not in complaint(written(tmp_path, ("sqlite:///addendum.db", "postgresql+psycopg://ann:s3cret@db/addendum")))


def test_every_mistake_gets_a_line_of_its_own(tmp_path: Path) -> None:
    told = complaint(written(tmp_path, ("port = 993 ", 'port = "993"'), ('at = "17:30"', 'at = "noon"')))
    assert len(told.splitlines()) == 2


def test_a_configuration_that_cannot_be_read_says_what_to_do(tmp_path: Path) -> None:
    assert "addendum init" in complaint(tmp_path / "nowhere.toml")
    assert "is a folder" in complaint(tmp_path)
    latin = tmp_path / "latin.toml"
    latin.write_bytes(b'database = "\xe4"')
    assert "not UTF-8" in complaint(latin)


def test_passwords_come_from_a_file_or_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets/inbox").write_text("open sesame\n")
    monkeypatch.setenv("ADDENDUM_OUTBOX_PASSWORD", "tr0ub4dor")
    loaded = config.load(
        written(
            tmp_path,
            ('password_file = "secrets/outbox"', ""),
            ('# password_env = "ADDENDUM_OUTBOX', 'password_env = "ADDENDUM_OUTBOX'),
        )
    )
    assert loaded.inbox.password() == "open sesame"
    assert loaded.outbox.password() == "tr0ub4dor"
    assert "sesame" not in repr(loaded)


def test_a_missing_password_says_where_it_was_looked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ADDENDUM_INBOX_PASSWORD", raising=False)
    by_file = config.load(written(tmp_path)).inbox
    with pytest.raises(SetupError, match=r"no password file at .*secrets/inbox"):
        by_file.password()
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets/inbox").write_text("")
    with pytest.raises(SetupError, match="is empty"):
        by_file.password()
    (tmp_path / "secrets/inbox").write_bytes(b"\xff\xfe")
    with pytest.raises(SetupError, match="not UTF-8"):
        by_file.password()
    changes = (('password_file = "secrets/inbox"', ""), ('# password_env = "ADDENDUM_INBOX', 'password_env = "ADDENDUM_INBOX'))
    with pytest.raises(SetupError, match="ADDENDUM_INBOX_PASSWORD"):
        config.load(written(tmp_path, *changes)).inbox.password()
