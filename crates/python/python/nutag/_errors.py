"""What can go wrong, by what a caller can do about it."""


class NutagError(Exception):
    """Base of the exceptions that say: this cannot be done with what was given."""


class ArgumentError(NutagError, ValueError):
    """An argument that means nothing here: another shape, type or range than expected."""


class GranuleError(NutagError):
    """A granule that is damaged, cut short, no HDF4, or without what was asked for."""


class TableError(NutagError):
    """A result folder without the table asked for, or one that is damaged."""


class TaskError(NutagError):
    """A plan, a task or a merge that cannot go on; the message says what to do."""


class InternalError(RuntimeError):
    """A fault in Nutag itself (a panic of its Rust code), whatever it was given."""


class MissingChunksWarning(UserWarning):
    """Cells were never written to the file, and it does not say which number stands for missing."""


# Users meet them as `nutag.GranuleError` and so on, also where they are pickled.
for _error in (
    NutagError,
    ArgumentError,
    GranuleError,
    TableError,
    TaskError,
    InternalError,
    MissingChunksWarning,
):
    _error.__module__ = "nutag"
