"""Conversations with tools (MSAgent-Bench) as xtuner trains them: thought, action, answer.

The texts are those of xtuner 0.2.0 (msagent_map_fn.py, Apache-2.0); a test compares them. xtuner
runs a row that is a string as code; here `list_in` only parses it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from .cells import Conversation, LeftOutError, Message, list_in
from .data_format import ColumnMapping, DataFormat

_TOOLS = "你是一个可以调用外部工具的助手，可以使用的工具包括：\n{tools}\n"
_RULES = (
    "如果使用工具请遵循以下格式回复：\n```\nThought:思考你当前步骤需要解决什么问题，是否需要使用工具\n"
    "Action:工具名称，你的工具必须从 [{names}] 选择\nAction Input:工具输入参数\n```\n"
    "工具返回按照以下格式回复：\n```\nResponse:调用工具后的结果\n```\n"
    "如果你已经知道了答案，或者你不需要工具，请遵循以下格式回复\n```\n"
    "Thought:给出最终答案的思考过程\nFinal Answer:最终答案\n```\n开始!\n"
)
_THINK_BEGINS, _THINK_ENDS = "<|startofthink|>", "<|endofthink|>"
_EXEC_BEGINS, _EXEC_ENDS = "<|startofexec|>", "<|endofexec|>"
_ANSWER = "Final Answer:"


def _read(row: Mapping[str, Any], mapping: ColumnMapping) -> Iterator[Conversation]:
    """Yield the conversation of a row; a tool's result is in a system message.

    A row without turns, or with a call that is not JSON, is left out.
    """
    turns = list_in(row.get(mapping.turns or ""))
    if not turns or len(turns) < 2:
        raise LeftOutError("formats.out_no_turns")
    messages: Conversation = []
    for turn in turns:
        if not isinstance(turn, dict) or not isinstance(turn.get("value"), str):
            raise LeftOutError("formats.out_turn")
        messages += _of_turn(turn.get("from"), turn["value"])
    yield messages


def _of_turn(who: Any, value: str) -> Iterator[Message]:
    if who == "system":
        tools = dict(_tools_in(value))
        rules = _RULES.format(names=list(tools))
        yield {"role": "system", "content": _TOOLS.format(tools=tools) + rules}
    elif who == "user":
        yield {"role": "user", "content": f"{value}\n"}
    elif who == "assistant":
        yield from _of_assistant(value)
    else:
        raise LeftOutError("formats.out_role")


def _of_assistant(value: str) -> Iterator[Message]:
    said, _, given_back = value.partition(_EXEC_BEGINS)
    in_words = _with_actions(said)
    said = f"{_ANSWER}{said}\n" if in_words == said else f"{in_words}\n"
    yield {"role": "assistant", "content": said}
    response, ends, answer = given_back.partition(_EXEC_ENDS)
    if not ends or not answer.strip():
        return
    yield {"role": "system", "content": f"Response:{_json_in(response)}\n"}
    yield {"role": "assistant", "content": f"{_ANSWER}{answer.strip()}\n"}


def _with_actions(said: str) -> str:
    """Return a text with each call, and the thought before it, in ReAct's words.

    It uses no regular expression: the one for this takes hours for some rows of a few KB.
    """
    words, at = "", 0
    while (begin := said.find(_THINK_BEGINS, at)) >= 0:
        end = said.find(_THINK_ENDS, begin)
        if end < 0:
            break
        words += _action(said[at:begin], said[begin + len(_THINK_BEGINS) : end])
        at = end + len(_THINK_ENDS)
    return words + said[at:]


def _action(thought: str, call_text: str) -> str:
    """Return a thought and its call in ReAct's words."""
    call = _json_in(call_text)
    if not isinstance(call, dict) or not {"api_name", "parameters"} <= call.keys():
        raise LeftOutError("formats.out_tool")
    thought = thought.strip()
    words = f"Thought:{thought}\n" if thought else ""
    return f"{words}Action:{call['api_name']}\nAction Input:{call['parameters']}\n"


def _json_in(text: str) -> Any:
    try:
        return json.loads(text.replace("```JSON", "").replace("```", "").replace("\n", ""))
    except (ValueError, RecursionError):
        raise LeftOutError("formats.out_tool") from None


def _tools_in(text: str) -> Iterator[tuple[str, str]]:
    """Yield name and description of each tool whose JSON is in a text."""
    decoder = json.JSONDecoder()
    at = text.find("{")
    while at != -1:
        try:
            tool, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            tool, end = None, at + 1
        if isinstance(tool, dict) and "name" in tool and "description" in tool:
            yield tool["name"], _described(tool)
        else:
            end = at + 1
        at = text.find("{", end)


def _described(tool: Mapping[str, Any]) -> str:
    try:
        parameters = {one["name"]: one["description"] for one in tool["paths"][0]["parameters"]}
    except (KeyError, IndexError, TypeError):
        return str(tool["description"])
    return f"{tool['description']}\n输入参数: {parameters}"


REACT = DataFormat("react", "formats.layout_react", _read)
"""Only the catalogue names it, since its rows look like ShareGPT's."""
