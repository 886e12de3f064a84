"""The catalogues: models and datasets that xtgui knows by name, each field with its source."""

from .datasets import Dataset, datasets
from .lookup import Catalogue
from .models import Model, Template, models

__all__ = ["Catalogue", "Dataset", "Model", "Template", "datasets", "models"]
