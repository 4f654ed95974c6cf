"""Reads the syntax of Alloy: blocks with an optional label, attributes, strings, numbers, lists, maps, references."""

import re
from dataclasses import dataclass, field

TOKEN = re.compile(r"""
    (?P<space>\s+|//[^\n]*|/\*.*?\*/) | (?P<string>"(?:\\.|[^"\\])*") | (?P<number>-?\d+(?:\.\d+)?) |
    (?P<name>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*) | (?P<sign>[{}\[\](),=])""", re.X | re.S)


@dataclass
class Reference:
    """An expression that names what another component exports."""
    name: str


@dataclass
class Call:
    """A call of a function of Alloy's standard library."""
    name: str
    arguments: list


@dataclass
class Block:
    kind: str
    label: str
    attributes: dict = field(default_factory=dict)
    blocks: list["Block"] = field(default_factory=list)
    line: int = 0

    @property
    def name(self) -> str:
        return f"{self.kind}.{self.label}" if self.label else self.kind


class Reader:
    def __init__(self, text: str):
        self.tokens, at = [], 0
        while at < len(text):
            found = TOKEN.match(text, at)
            line = text.count("\n", 0, at) + 1
            if not found:
                raise ValueError(f"line {line}: {text[at:at + 20]!r} is no Alloy")
            if found.lastgroup != "space":
                self.tokens.append((found.lastgroup, found.group(), line))
            at = found.end()
        self.tokens.append(("end", "", text.count("\n") + 1))
        self.at = 0

    def peek(self, ahead: int = 0) -> tuple[str, str, int]:
        return self.tokens[min(self.at + ahead, len(self.tokens) - 1)]

    def take(self, *wanted: str) -> str:
        kind, text, line = self.peek()
        if wanted and kind not in wanted and text not in wanted:
            raise ValueError(f"line {line}: {text or 'the end'!r} where {' or '.join(wanted)} is due")
        self.at += 1
        return text

    def body(self, closing: str, into: Block):
        while self.peek()[1] != closing or self.peek()[0] == "string":
            line = self.peek()[2]
            name = self.take("name")
            if self.peek()[1] == "=":
                self.take("=")
                if name in into.attributes:
                    raise ValueError(f"line {line}: {name} is given twice")
                into.attributes[name] = self.value()
                continue
            label = string(self.take()) if self.peek()[0] == "string" else ""
            block = Block(name, label, line=line)
            self.take("{")
            self.body("}", block)
            self.take("}")
            into.blocks.append(block)

    def value(self):
        kind, text, line = self.peek()
        if kind == "string":
            return string(self.take())
        if kind == "number":
            return float(self.take())
        if kind == "name":
            name = self.take()
            if self.peek()[1] == "(":
                self.take("(")
                return Call(name, self.items(")"))
            return {"true": True, "false": False}.get(name, Reference(name))
        if text == "[":
            self.take("[")
            return self.items("]")
        if text == "{":
            self.take("{")
            items = {}
            while self.peek()[1] != "}":
                key = self.take("name", "string")
                self.take("=")
                items[string(key) if key.startswith('"') else key] = self.value()
                if self.peek()[1] != "}":
                    self.take(",")
            self.take("}")
            return items
        raise ValueError(f"line {line}: {text!r} where a value is due")


    def items(self, closing: str) -> list:
        found = []
        while self.peek()[1] != closing:
            found.append(self.value())
            if self.peek()[1] != closing:
                self.take(",")
        self.take(closing)
        return found


def evaluated(value, environment: dict[str, str]):
    """A value with its calls done: those of the two functions that our files use."""
    if isinstance(value, Call):
        arguments = [evaluated(argument, environment) for argument in value.arguments]
        if value.name == "sys.env" and len(arguments) == 1:
            return environment.get(arguments[0], "")
        if value.name == "coalesce" and arguments:
            return next((argument for argument in arguments if argument), arguments[-1])
        raise ValueError(f"the function {value.name} is beyond this check")
    if isinstance(value, list):
        return [evaluated(item, environment) for item in value]
    if isinstance(value, dict):
        return {key: evaluated(item, environment) for key, item in value.items()}
    return value


def string(token: str) -> str:
    return re.sub(r"\\(.)", lambda found: {"n": "\n", "t": "\t"}.get(found[1], found[1]), token[1:-1])


def read(text: str) -> list[Block]:
    reader, root = Reader(text), Block("", "")
    reader.body("", root)
    return root.blocks
