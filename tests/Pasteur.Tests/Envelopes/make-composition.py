#!/usr/bin/env python3
"""Writes src/Pasteur/Envelopes/composition.txt from Python's own Unicode tables.

    python3 tests/Pasteur.Tests/Envelopes/make-composition.py >src/Pasteur/Envelopes/composition.txt
"""
import unicodedata as u

print(f"# Unicode {u.unidata_version}, UnicodeData.txt: 'C=A+B' is composed of two and decomposed, 'C>A[+B]' decomposed only;")
print("# 'A*n' and 'A-B*n' are combining classes. Hangul is computed. Made by tests/Pasteur.Tests/Envelopes/make-composition.py")
ranges = []
for c in map(chr, range(0x110000)):
    if 0xAC00 <= ord(c) <= 0xD7A3 or 0xD800 <= ord(c) <= 0xDFFF:
        continue
    parts = u.decomposition(c)
    if parts and not parts.startswith("<"):
        parts = parts.split()
        composes = len(parts) == 2 and u.normalize("NFC", "".join(chr(int(p, 16)) for p in parts)) == c
        print(f"{ord(c):X}{'=' if composes else '>'}{'+'.join(p.lstrip('0') for p in parts)}")
    if n := u.combining(c):
        if ranges and ranges[-1][1] == ord(c) - 1 and ranges[-1][2] == n:
            ranges[-1][1] = ord(c)
        else:
            ranges.append([ord(c), ord(c), n])
for first, last, n in ranges:
    print(f"{first:X}*{n}" if first == last else f"{first:X}-{last:X}*{n}")
