"""Reads OTLP's JSON as OpenTelemetry's own message types do: strictly, so an unknown field or a wrong type fails.

Takes one ExportTraceServiceRequest a line; prints, for each, a JSON array of its spans as protobuf has them, with the
resource's service name. Ids are hexadecimal in OTLP's JSON, while protobuf's own JSON has base64 there: that is the one
thing that is translated before.
"""

import base64
import json
import sys

from google.protobuf import json_format
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

IDS = ("traceId", "spanId", "parentSpanId")


def with_base64_ids(value):
    if isinstance(value, list):
        return [with_base64_ids(element) for element in value]
    if not isinstance(value, dict):
        return value
    return {
        name: base64.b64encode(bytes.fromhex(member)).decode() if name in IDS else with_base64_ids(member)
        for name, member in value.items()
    }


def plain(value):
    return getattr(value, value.WhichOneof("value"))


def spans_of(text):
    request = json_format.ParseDict(with_base64_ids(json.loads(text)), ExportTraceServiceRequest())
    spans = []
    for resource_spans in request.resource_spans:
        resource = {pair.key: plain(pair.value) for pair in resource_spans.resource.attributes}
        for scope_spans in resource_spans.scope_spans:
            for span in scope_spans.spans:
                spans.append(
                    {
                        "service": resource.get("service.name"),
                        "scope": scope_spans.scope.name,
                        "trace": span.trace_id.hex(),
                        "span": span.span_id.hex(),
                        "parent": span.parent_span_id.hex(),
                        "flags": span.flags,
                        "name": span.name,
                        "kind": type(span).SpanKind.Name(span.kind),
                        "start": str(span.start_time_unix_nano),
                        "end": str(span.end_time_unix_nano),
                        "attributes": {pair.key: plain(pair.value) for pair in span.attributes},
                        "links": [{"trace": link.trace_id.hex(), "span": link.span_id.hex()} for link in span.links],
                        "status": span.status.code,
                    }
                )
    return spans


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(spans_of(line)))
