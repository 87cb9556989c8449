"""Writes networks.json, what PyTorch makes of fixed inputs in the networks that Facet builds.

Usage: python network_golden.py > ../resources/dev/facet/models/network/networks.json
Needs torch and facenet-pytorch 2.6.0. MTCNN sees drawn faces, see drawn_faces. EdgeFace-S has
formula weights, by the rule of FormulaWeights.java, and as input sin(0.37 * i), i = 0, 1, ... being
the index in row-major order.
"""

import json
import math

import numpy as np
import torch
from torch.nn import functional as F
from facenet_pytorch.models.mtcnn import ONet, PNet, RNet

DEPTHS, DIMS, HEADS, RANK_RATIO = (3, 3, 9, 3), (48, 96, 160, 304), 8, 0.5
KERNELS, CHUNKS, POSITIONS = (3, 5, 7, 9), (2, 2, 3, 4), (False, True, False, False)


def drawn_faces(count, height, width):
    """Bright ellipses with two eyes, nose and mouth, a little blurred by a wave: [N, H, W, 3]."""
    i = np.arange(count * height * width * 3)
    colour, x, y = i % 3, (i // 3 % width + 0.5) / width, (i // 3 // width % height + 0.5) / height

    def spot(left, top, width, height):
        return np.exp(-(((x - left) / width) ** 2) - ((y - top) / height) ** 2)

    light = 0.2 + 0.6 * spot(0.5, 0.5, 0.35, 0.5)
    light -= 0.35 * spot(0.3, 0.4, 0.09, 0.05) + 0.35 * spot(0.7, 0.4, 0.09, 0.05)
    light -= 0.15 * spot(0.5, 0.6, 0.05, 0.05) + 0.3 * spot(0.5, 0.78, 0.18, 0.05)
    pixels = 255 * light * (1 - 0.15 * colour) + 8 * np.sin(0.37 * i)
    return pixels.reshape(count, height, width, 3).astype(np.float32)


def sampled(tensor, step):
    values = tensor.detach().numpy().ravel()[::step]
    return [round(float(v), 7) for v in values]


def mtcnn():
    result = {}
    with torch.no_grad():
        for name, net, shape, step in (
            ("pnet", PNet(), (1, 40, 57), 11),
            ("rnet", RNet(), (3, 24, 24), 1),
            ("onet", ONet(), (3, 48, 48), 1),
        ):
            pixels = torch.tensor(drawn_faces(*shape))
            answers = net.eval()((pixels.permute(0, 3, 1, 2) - 127.5) / 128)
            result[name] = {
                "step": step,
                "probability": sampled(answers[-1][:, 1], step),
                "regression": sampled(answers[0], step),
            }
            if name == "onet":
                result[name]["landmarks"] = sampled(answers[1], step)
    return result


def formula(name, *shape):
    size = int(np.prod(shape))
    seed = 0xCBF29CE484222325
    for byte in name.encode():
        seed = (seed ^ byte) * 0x100000001B3 % 2**64
    x = np.uint64(seed) + np.arange(1, size + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    u = ((x ^ (x >> np.uint64(31))) >> np.uint64(40)).astype(np.float64) / 2**24
    spread = 0.05 if name.endswith(".bias") else math.sqrt(6 / (size / shape[0]))
    return torch.tensor(((2 * u - 1) * spread).astype(np.float32).reshape(shape))


def layer(name, *shape):
    return formula(name + ".weight", *shape), formula(name + ".bias", shape[0])


def linear(name, x, outputs):
    inputs = x.shape[-1]
    rank = max(2, int(min(inputs, outputs) * RANK_RATIO))
    x = F.linear(x, formula(name + ".linear1.weight", rank, inputs))
    return F.linear(x, *layer(name + ".linear2", outputs, rank))


def norm(name, x):
    return F.layer_norm(x, x.shape[-1:], *layer(name, x.shape[-1]), eps=1e-6)


def norm_channels(name, x):
    return norm(name, x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)


def mlp(name, x):
    channels = x.shape[-1]
    return linear(name + ".fc2", F.gelu(linear(name + ".fc1", x, 4 * channels)), channels)


def positions(name, height, width, channels):
    def waves(count):
        steps = torch.arange(1, count + 1) / (count + 1e-6) * 2 * math.pi
        index = torch.arange(32)
        angles = steps[:, None] / 10000 ** (2 * torch.div(index, 2, rounding_mode="floor") / 32)
        return torch.where(index % 2 == 0, angles.sin(), angles.cos())

    rows = waves(height)[:, None].expand(height, width, 32)
    columns = waves(width)[None].expand(height, width, 32)
    weight, bias = layer(name + ".token_projection", channels, 64, 1, 1)
    return F.linear(torch.cat((rows, columns), 2), weight[:, :, 0, 0], bias)


def attention(name, x):
    n, places, channels = x.shape
    qkv = linear(name + ".qkv", x, 3 * channels)
    q, k, v = qkv.reshape(n, places, 3, HEADS, -1).permute(2, 0, 3, 4, 1)
    scores = F.normalize(q, dim=-1) @ F.normalize(k, dim=-1).transpose(-2, -1)
    scores = (scores * formula(name + ".temperature", HEADS, 1, 1)).softmax(-1)
    x = (scores @ v).permute(0, 3, 1, 2).reshape(n, places, channels)
    return linear(name + ".proj", x, channels)


def conv_block(name, x, kernel):
    channels = x.shape[1]
    weight, bias = layer(name + ".conv_dw", channels, 1, kernel, kernel)
    y = F.conv2d(x, weight, bias, padding=kernel // 2, groups=channels).permute(0, 2, 3, 1)
    y = formula(name + ".gamma", channels) * mlp(name + ".mlp", norm(name + ".norm", y))
    return x + y.permute(0, 3, 1, 2)


def split_block(name, x, chunks, with_positions):
    n, channels, height, width = x.shape
    parts = x.chunk(chunks, dim=1)
    done, last = [], None
    for i, part in enumerate(parts[:-1]):
        last = part if last is None else last + part
        size = part.shape[1]
        weight, bias = layer("%s.convs.%d" % (name, i), size, 1, 3, 3)
        last = F.conv2d(last, weight, bias, padding=1, groups=size)
        done.append(last)
    y = torch.cat(done + [parts[-1]], 1).permute(0, 2, 3, 1)
    if with_positions:
        y = y + positions(name + ".pos_embd", height, width, channels)
    y = y.reshape(n, height * width, channels)
    crossed = attention(name + ".xca", norm(name + ".norm_xca", y))
    y = y + formula(name + ".gamma_xca", channels) * crossed
    y = formula(name + ".gamma", channels) * mlp(name + ".mlp", norm(name + ".norm", y))
    return x + y.reshape(n, height, width, channels).permute(0, 3, 1, 2)


def edgeface_s():
    x = torch.tensor(np.sin(0.37 * np.arange(3 * 112 * 112)).astype(np.float32))
    x = x.reshape(1, 3, 112, 112)
    x = F.conv2d(x, *layer("model.stem.0", DIMS[0], 3, 4, 4), stride=4)
    x = norm_channels("model.stem.1", x)
    for stage in range(4):
        name = "model.stages.%d" % stage
        if stage > 0:
            x = norm_channels(name + ".downsample.0", x)
            shape = (DIMS[stage], DIMS[stage - 1], 2, 2)
            x = F.conv2d(x, *layer(name + ".downsample.1", *shape), stride=2)
        for block in range(DEPTHS[stage]):
            here = "%s.blocks.%d" % (name, block)
            if stage > 0 and block == DEPTHS[stage] - 1:
                x = split_block(here, x, CHUNKS[stage], POSITIONS[stage])
            else:
                x = conv_block(here, x, KERNELS[stage])
    x = norm("model.head.norm", x.mean((2, 3)))
    return F.linear(x, *layer("model.head.fc", 512, DIMS[-1]))


if __name__ == "__main__":
    golden = mtcnn()
    golden["edgeface-s-gamma-05"] = {"step": 8, "embedding": sampled(edgeface_s(), 8)}
    print(json.dumps(golden))
