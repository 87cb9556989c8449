"""facenet-pytorch's MTCNN as a peer: reads paths of pictures, answers what it found and how fast.

Usage: python facenet_pytorch_mtcnn.py THREADS
Needs Python 3.11 and the packages of facenet-pytorch.txt. Says one line of versions first. Then
every line of input is the path of a picture, and every line of output is JSON: "nanos" of one
detection with landmarks, decoding not included, and "boxes" [x1, y1, x2, y2]. A picture is decoded
when it is first named.
"""

import json
import sys
import time
from importlib.metadata import version

import torch
from facenet_pytorch import MTCNN
from PIL import Image


def main():
    torch.set_num_threads(int(sys.argv[1]))
    mtcnn = MTCNN(keep_all=True, device="cpu")
    versions = ", ".join(f"{name} {version(name)}" for name in ("facenet-pytorch", "torch"))
    print(f"{versions}, {torch.get_num_threads()} threads", flush=True)
    pictures = {}
    for line in sys.stdin:
        path = line.rstrip("\n")
        if path not in pictures:
            pictures[path] = Image.open(path).convert("RGB")
        start = time.perf_counter_ns()
        boxes, _, _ = mtcnn.detect(pictures[path], landmarks=True)
        nanos = time.perf_counter_ns() - start
        found = [] if boxes is None else [[float(side) for side in box] for box in boxes]
        print(json.dumps({"nanos": nanos, "boxes": found}), flush=True)


if __name__ == "__main__":
    main()
