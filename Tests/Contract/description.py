"""Checks a description: that it is OpenAPI 3.1, and that its examples are what its schemas say.

Usage: description.py FILE; prints how many examples there were.
"""

import json
import sys

from jsonschema import Draft202012Validator, FormatChecker
from openapi_spec_validator import OpenAPIV31SpecValidator


def main(path):
    with open(path, encoding="utf-8") as file:
        document = json.load(file)
    problems = [f"{'/'.join(map(str, error.path))}: {error.message}" for error in OpenAPIV31SpecValidator(document).iter_errors()]
    count = 0
    for place, schema, value in examples(document, ""):
        count += 1
        validator = Draft202012Validator({**schema, "components": document["components"]}, format_checker=FormatChecker())
        problems += [f"{place}: {error.json_path}: {error.message}" for error in validator.iter_errors(value)]
    if problems:
        sys.exit("\n".join(problems))
    print(count)


def examples(node, place):
    """Each example of a media type, parameter or header, with its schema."""
    if isinstance(node, list):
        for index, element in enumerate(node):
            yield from examples(element, f"{place}/{index}")
    elif isinstance(node, dict):
        if isinstance(node.get("schema"), dict):
            if "example" in node:
                yield place, node["schema"], node["example"]
            for name, example in node.get("examples", {}).items():
                yield f"{place}/{name}", node["schema"], example["value"]
        for name, member in node.items():
            yield from examples(member, f"{place}/{name}")


main(sys.argv[1])
