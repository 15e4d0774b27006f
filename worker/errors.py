"""The errors that Addendum expects: each class says who has to act, each message says what to do."""


class AddendumError(Exception):
    """An anticipated error; its text is shown to a person as it stands, without a traceback."""

    exit_code = 1


class TryAgainLater(AddendumError):
    """Something outside is not there just now (network, server, lock); the same call may succeed later."""


class NeedsAPerson(AddendumError):
    """The worker must not go on alone with this mail or invoice; it becomes a hold."""


class SetupError(AddendumError):
    """Configuration, rules, templates, books or the machine are not as they must be; nothing was started or changed."""

    exit_code = 2
