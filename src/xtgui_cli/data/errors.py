"""The failures of reading data that callers distinguish."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..shared.errors import Exit, XtguiError
from ..shared.regular_file import NotRegularError


class FaultyDataError(XtguiError):
    """A data file cannot be read to its end; checking its rows says more about it."""


class NoRowsError(FaultyDataError):
    """A file has no row that is an object."""


class NotUtf8Error(XtguiError):
    """A file is not UTF-8 text, as training needs it; converting it may help."""


class NotDataError(XtguiError):
    """A file is something other than data, by its first bytes."""


class OtherFileTypeError(NotDataError):
    """A file is an archive, a database, or of another known type."""


class BinaryFileError(XtguiError):
    """A file is not text, and of an unknown type."""


class MissingColumnError(XtguiError):
    """Rows lack a column that the user or the catalogue names."""


class UnclearDataError(XtguiError):
    """It is unclear how rows become messages; the user has to say it."""


class DataFaultsError(XtguiError):
    """Training would stop at some rows; `problems` lists the first."""


class DataChangedError(XtguiError):
    """A file has changed since its rows were checked."""


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn errors of the operating system about a data file into messages.

    Raises:
        FaultyDataError: "data.missing", "data.folder", "data.not_a_file" or "data.not_readable".
    """
    try:
        yield
    except FileNotFoundError:
        raise FaultyDataError("data.missing", Exit.ANSWERS, path=path) from None
    except IsADirectoryError:
        raise FaultyDataError("data.folder", Exit.ANSWERS, path=path) from None
    except NotRegularError:
        raise FaultyDataError("data.not_a_file", Exit.ANSWERS, path=path) from None
    except OSError as error:
        raise FaultyDataError(
            "data.not_readable", Exit.ANSWERS, path=path, reason=error.strerror or str(error)
        ) from None
