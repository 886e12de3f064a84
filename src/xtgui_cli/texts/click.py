"""Errors in a command line, found by click, on which Typer is built."""

TEXTS: dict[str, tuple[str, str]] = {
    "no_option": ("There is no option {name}.", "没有选项 {name}。"),
    "no_command": ("There is no command {name}.", "没有命令 {name}。"),
    "did_you_mean": (" Did you mean {name}?", "是不是想用 {name}？"),
    "command_missing": ("A command is missing.", "缺少命令。"),
    "missing": ("{name} is missing.", "缺少 {name}。"),
    "extra": ("Unexpected arguments: {arguments}", "多余的参数：{arguments}"),
    "value_missing": ("The option {name} needs a value.", "选项 {name} 缺少值。"),
    "takes_no_value": ("The option {name} takes no value.", "选项 {name} 不接受值。"),
    "no_choice": (
        '{name}: expected one of {choices}, got "{value}".',
        "{name}：应为 {choices} 之一，当前输入：{value}。",
    ),
    "out_of_range": (
        "{name} must be between {low} and {high}, got {value}.",
        "{name} 须在 {low} 到 {high} 之间，当前输入：{value}。",
    ),
    "too_low": (
        "{name} must be at least {low}, got {value}.",
        "{name} 至少为 {low}，当前输入：{value}。",
    ),
    "no_integer": (
        '{name}: expected a whole number, got "{value}".',
        "{name}：应为整数，当前输入：{value}。",
    ),
    "no_number": (
        '{name}: expected a number, got "{value}".',
        "{name}：应为数值，当前输入：{value}。",
    ),
}
