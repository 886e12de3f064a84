"""The catalogues: models and data sets that xtgui knows by name, each field with its source."""

from .datasets import Dataset, Reading, datasets, find_dataset, near_datasets
from .models import Model, Template, find_model, models, near_models

__all__ = [
    "Dataset",
    "Model",
    "Reading",
    "Template",
    "datasets",
    "find_dataset",
    "find_model",
    "models",
    "near_datasets",
    "near_models",
]
