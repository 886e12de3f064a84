"""Writes random weights into a model folder that brings its own code: `python make_weights.py DIR`.

Runs under the classic interpreter, on folders that the tests have made.
"""

import sys

import torch
from safetensors.torch import save_file
from transformers import AutoConfig, AutoModelForCausalLM

for folder in sys.argv[1:]:
    torch.manual_seed(0)
    config = AutoConfig.from_pretrained(folder, trust_remote_code=True)
    model = AutoModelForCausalLM.from_config(config, trust_remote_code=True)
    weights = {name: tensor.contiguous() for name, tensor in model.state_dict().items()}
    save_file(weights, f"{folder}/model.safetensors", metadata={"format": "pt"})
