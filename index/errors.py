"""Errors that are safe to show to a person: each names the file or value, and the remedy.

GriotError
├── ArticleError        one article cannot be read; the others go on
│   └── ChangedSource   it was written to while it was read; the next run reads it
├── CollectionError     the paths of the collection: missing, unreadable, not of a known kind
├── ModelError          a model: missing, altered, of another kind or dimension
├── StoreError          the index on disk
│   ├── MissingIndex    nothing has been built yet
│   ├── StaleIndex      built by another model or format: must be rebuilt
│   │   └── NewerIndex  built by a newer Griot, which reads it
│   ├── DamagedIndex    a file is missing or is not what the manifest says
│   ├── DamagedArchive  an exported index is cut short or altered
│   ├── ChangedIndex    another writer changed what was being read; read again, it is there
│   └── BusyIndex       another process is writing
├── WorkersError        the machines that read for a build
└── QuestionError       the question or a filter cannot be used as it is
"""


class GriotError(Exception):
    """Base of all errors that Griot raises on purpose. `str(error)` is one line fit for a reader."""


class ArticleError(GriotError):
    """One article cannot be read. The message is the reason alone; the report adds the path."""


class ChangedSource(ArticleError):
    """A file was written to while it was read, and is being read anew."""


class CollectionError(GriotError):
    """A path of the collection is missing, unreadable or of no known kind."""


class ModelError(GriotError):
    """A model is missing, altered, of another kind than asked for, or does not fit the index."""


class StoreError(GriotError):
    """The index on disk cannot be used."""


class MissingIndex(StoreError):
    """No generation has been published in this home yet."""


class StaleIndex(StoreError):
    """The index was made by another format or model. The message gives the command that rebuilds it."""


class NewerIndex(StaleIndex):
    """The index was made by a newer Griot. It is not built anew unless that is asked for."""


class DamagedIndex(StoreError):
    """A file of the index is missing or differs from the manifest."""


class DamagedArchive(StoreError):
    """An exported index is no such archive, cut short, or altered."""


class ChangedIndex(StoreError):
    """What was being read was changed or taken out meanwhile by another writer. `Home.open` gives the index as it is now."""


class BusyIndex(StoreError):
    """Another process is writing this index."""


class WorkersError(GriotError):
    """The cluster that is to read for a build cannot be reached, was lost, or runs another Griot."""


class QuestionError(GriotError):
    """A question or a filter that cannot be used: a malformed date, a period that ends before it starts."""
