"""Converts a blog by Apache Spark: each document is piped through `postferry stream`, wherever it is.

    postferry index BLOG --to hugo -o INDEX --rest OUT
    python3 convert.py INDEX BLOG OUT

INDEX must be readable on every machine (a shared folder, or one that was copied to the same path), as must be the
`postferry` command; POSTFERRY names it where it is not on the path. Documents are read here for the sake of brevity: a
real job reads them where they are.
"""
import base64
import json
import os
import shlex
import sys

from pyspark.sql import SparkSession

index, blog, out = sys.argv[1:4]
command = f"{os.environ.get('POSTFERRY', 'postferry')} stream -j 1 --index {shlex.quote(os.path.abspath(index))}"


def documents():
    """Every file of the blog that may be a document, as a line."""
    for folder, folders, files in os.walk(blog):
        folders[:] = sorted(name for name in folders if name not in (".git", "node_modules"))
        for name in sorted(files):
            path = os.path.join(folder, name)
            if name.endswith((".md", ".markdown", ".html", ".mkd", ".textile")):
                with open(path, "rb") as file:
                    packed = base64.b64encode(file.read()).decode()
                yield json.dumps({"path": os.path.relpath(path, blog), "base64": packed})


def write(lines):
    """Writes the files among the result's lines, and counts the rest."""
    for line in lines:
        row = json.loads(line)
        if row["kind"] == "file":
            path = os.path.join(out, row["path"])
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as file:
                file.write(base64.b64decode(row["base64"]) if "base64" in row else row["text"].encode())
        yield row["kind"], 1


spark = SparkSession.builder.getOrCreate()
converted = spark.sparkContext.parallelize(list(documents()), 4).pipe(command)
for kind, count in sorted(converted.mapPartitions(write).reduceByKey(lambda a, b: a + b).collect()):
    print(kind, count)
