"""Rows with one fault each, as people write them: what the checker calls it, and the messages."""

from __future__ import annotations

from typing import Any

USER = {"role": "user", "content": "Who are you?"}
ANSWER = {"role": "assistant", "content": "A helper."}
SYSTEM = {"role": "system", "content": "Be brief."}

SILENT: dict[str, list[dict[str, Any]]] = {
    "no_answer": [USER],
    "all_masked": [USER, ANSWER | {"loss": False}],
    "loss_null": [USER, ANSWER | {"loss": None}, USER, ANSWER],
    "loss_odd": [USER, ANSWER | {"loss": 1}, USER, ANSWER],
    "answer_first": [ANSWER, USER, ANSWER],
    "ends_with_user": [USER, ANSWER, USER],
    "ends_with_system": [USER, ANSWER, SYSTEM],
    "users_joined": [USER, USER, ANSWER],
    "answers_in_a_row": [USER, ANSWER, ANSWER],
    "system_lost": [SYSTEM, SYSTEM | {"content": "Be long."}, USER, ANSWER],
    "system_later": [USER, ANSWER, SYSTEM, USER, ANSWER],
    "empty_answer": [USER, ANSWER | {"content": ""}],
    "blank_answer": [USER, ANSWER | {"content": " \n"}],
    "empty_question": [USER | {"content": " "}, ANSWER],
    "no_question": [SYSTEM, ANSWER],
    "tool_calls": [USER, ANSWER | {"tool_calls": [{"name": "f"}]}],
}
STOP: dict[str, list[Any]] = {
    "unknown_role": [USER | {"role": "human"}, ANSWER],
    "tool_role": [USER, ANSWER, USER | {"role": "tool"}, ANSWER],
    "content_null": [USER, ANSWER | {"content": None}],
    "content_list": [USER | {"content": [{"type": "image"}]}, ANSWER],
    "content_not_text": [USER | {"content": True}, ANSWER],
    "no_content": [{"role": "user"}, ANSWER],
    "no_role": [{"content": "Hi"}, ANSWER],
    "message_not_an_object": ["Hi", ANSWER],
}
