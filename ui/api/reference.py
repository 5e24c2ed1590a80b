"""A page that documents the interface, made from its OpenAPI document. Swagger UI and ReDoc were weighed: both are a megabyte of script,
fetched from another host as FastAPI serves them."""

import json
from collections.abc import Mapping
from html import escape
from typing import Any


def reference_page(document: Mapping[str, Any], base: str) -> str:
    """The page for a site whose paths begin with `base`."""
    schemas = document.get("components", {}).get("schemas", {})
    parts = []
    for path, methods in document["paths"].items():
        for method, about in methods.items():
            parts.append(_operation(method.upper(), f"{base}/api{path}", about, schemas))
    return (
        '<!doctype html><html lang="en" class="plain"><head><meta charset="utf-8"><title>HTTP interface · Griot</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">'
        f'<link rel="icon" type="image/svg+xml" href="{escape(base)}/favicon.svg"><link rel="stylesheet" href="{escape(base)}/style.css">'
        f'</head><body><nav><a href="{escape(base)}/" class="home">Griot</a><a href="{escape(base)}/api/openapi.json">OpenAPI</a></nav>'
        f"<main><h1>HTTP interface</h1><p>{escape(document['info'].get('description', ''))}</p>{''.join(parts)}</main></body></html>"
    )


def _operation(method: str, path: str, about: Mapping[str, Any], schemas: Mapping[str, Any]) -> str:
    text = about.get("description") or about.get("summary", "")
    given = "".join(
        f"<li><code>{escape(item['name'])}</code> ({escape(item['in'])}{'' if item.get('required') else ', optional'}) "
        f"{escape(item.get('description', ''))} <small>{escape(_short(item.get('schema', {})))}</small></li>"
        for item in about.get("parameters", ())
    )
    body = about.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    name = body.get("$ref", "").rpartition("/")[2]
    sent = ""
    if name in schemas:
        required = schemas[name].get("required", ())
        sent = "".join(
            f"<li><code>{escape(key)}</code>{'' if key in required else ' (optional)'} <small>{escape(_short(value))}</small></li>"
            for key, value in schemas[name]["properties"].items()
        )
    listed = f"<ul>{given}{sent}</ul>" if given or sent else ""
    return f"<section><h2><code>{method} {escape(path)}</code></h2><p>{escape(text)}</p>{listed}</section>"


def _short(schema: Mapping[str, Any]) -> str:
    return json.dumps({key: value for key, value in schema.items() if key != "title"}, ensure_ascii=False)
