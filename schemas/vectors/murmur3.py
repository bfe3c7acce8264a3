"""MurmurHash3 (Appleby, 2011; public domain) as this folder's checks need it: nothing but the standard library."""

import struct

M32 = (1 << 32) - 1


def rotl(x, n):
    return ((x << n) | (x >> (32 - n))) & M32


def fmix(h):
    h ^= h >> 16
    h = (h * 0x85EBCA6B) & M32
    h ^= h >> 13
    h = (h * 0xC2B2AE35) & M32
    return h ^ (h >> 16)


C = (0x239B961B, 0xAB0E9789, 0x38B34AE5, 0xA1E38B93)
KEY_ROTATION = (15, 16, 17, 18)
STATE_ROTATION = (19, 17, 15, 13)
ADDEND = (0x561CCD1B, 0x0BCAA747, 0x96CD1C35, 0x32AC3B17)


def scrambled_key(k, i):
    return (rotl((k * C[i]) & M32, KEY_ROTATION[i]) * C[(i + 1) % 4]) & M32


def murmur3_x86_128(data):
    """MurmurHash3_x86_128 with seed 0, as its four 32-bit words."""
    h = [0, 0, 0, 0]
    whole = len(data) // 16 * 16
    for at in range(0, whole, 16):
        words = struct.unpack_from("<4I", data, at)
        for i in range(4):
            h[i] ^= scrambled_key(words[i], i)
            h[i] = (rotl(h[i], STATE_ROTATION[i]) + h[(i + 1) % 4]) & M32
            h[i] = (h[i] * 5 + ADDEND[i]) & M32
    tail = struct.unpack("<4I", data[whole:].ljust(16, b"\0"))
    for i in range(4):
        h[i] ^= scrambled_key(tail[i], i) ^ len(data)
    h[0] = sum(h) & M32
    h[1:] = [(x + h[0]) & M32 for x in h[1:]]
    h = [fmix(x) for x in h]
    h[0] = sum(h) & M32
    h[1:] = [(x + h[0]) & M32 for x in h[1:]]
    return h
