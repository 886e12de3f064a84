"""A config by a person, and what it says plainly."""

from __future__ import annotations

CONFIG = """\
# 我的配置 (mine)
from xtuner.utils import PROMPT_TEMPLATE

pretrained_model_name_or_path = "internlm"  # 模型
prompt_template = PROMPT_TEMPLATE.default; lr = 2e-4  # two on one line
名字 = "中文"; max_length = 2048
betas = (0.9, 0.999)
optim_type = AdamW
evaluation_inputs = [
    "请给我介绍五个上海的景点",  # first
    "Please tell me five",
]
SYSTEM = ""
model = dict(type=SupervisedFinetune, lr=lr)
computed = 3 * 4
"""
PLAIN = {
    "pretrained_model_name_or_path": "internlm",
    "prompt_template": "default",
    "lr": 2e-4,
    "名字": "中文",
    "max_length": 2048,
    "betas": [0.9, 0.999],
    "optim_type": "AdamW",
    "evaluation_inputs": ["请给我介绍五个上海的景点", "Please tell me five"],
    "SYSTEM": "",
}
