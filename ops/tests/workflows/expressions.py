"""The part of GitHub's expressions that the workflows use: contexts by their path, texts, ==, !=, &&, ||, and functions of status."""

import re

TOKEN = re.compile(r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<name>[A-Za-z_][\w.-]*(?:\(\))?)|(?P<sign>==|!=|&&|\|\||[()]))")


def tokens_of(text: str) -> list[str]:
    found, at = [], 0
    text = text.strip()
    while at < len(text):
        token = TOKEN.match(text, at)
        if not token:
            raise ValueError(f"{text!r}: {text[at:at + 15]!r} is beyond this check")
        found.append(token[0].strip())
        at = token.end()
    return found


class Expression:
    def __init__(self, text: str, context: dict, failed: bool):
        self.tokens, self.context, self.failed = tokens_of(text), context, failed

    def value(self):
        result = self.either()
        if self.tokens:
            raise ValueError(f"{self.tokens[0]!r} is left over")
        return result

    def either(self):
        left = self.both()
        while self.tokens[:1] == ["||"]:
            self.tokens.pop(0)
            right = self.both()
            left = left or right
        return left

    def both(self):
        left = self.compared()
        while self.tokens[:1] == ["&&"]:
            self.tokens.pop(0)
            right = self.compared()
            left = left and right
        return left

    def compared(self):
        left = self.single()
        if self.tokens[:1] in (["=="], ["!="]):
            same = self.tokens.pop(0) == "=="
            return (left == self.single()) == same
        return left

    def single(self):
        token = self.tokens.pop(0)
        if token == "(":
            inner = self.either()
            self.tokens.pop(0)
            return inner
        if token.startswith("'"):
            return token[1:-1].replace("''", "'")
        if token.endswith("()"):
            return {"failure()": self.failed, "success()": not self.failed, "always()": True}[token]
        found = self.context
        for part in token.split("."):
            if not isinstance(found, dict) or part not in found:
                raise ValueError(f"{token} is in no context of this check")
            found = found[part]
        return found


def condition(text: str | None, context: dict, failed: bool) -> bool:
    """A step's `if`: without a function of status it has success() before it."""
    if text is None:
        return not failed
    text = str(text).removeprefix("${{").removesuffix("}}")
    result = bool(Expression(text, context, failed).value())
    return result if re.search(r"\b(failure|success|always)\(\)", text) else result and not failed


def filled(text, context: dict) -> str:
    """A text with its ${{ }} replaced."""
    return re.sub(r"\$\{\{(.*?)\}\}", lambda found: str(Expression(found[1], context, False).value()), str(text))
