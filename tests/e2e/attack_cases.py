# SPDX-License-Identifier: Apache-2.0
"""The malformed requests of attack.py, as tables.

Each case is (name, bytes, must_refuse). With must_refuse any 2xx in the answer is a finding; the others are odd but
may be answered, by the letter of RFC 9110 and 9112. Where a request hides a second one in its body, a server that
loses track of where the first one ends answers the second with a 2xx, and so is found out as well.
"""
import random


def head(path, *lines, method=b"GET", version=b"HTTP/1.1"):
    """A request's head with a Host; `lines` go in as they are."""
    return b"\r\n".join([method + b" " + path + b" " + version, b"Host: localhost", *lines, b"", b""])


def bad_chunks(path):
    chunked = head(path, b"Transfer-Encoding: chunked")
    hidden = b"0\r\n\r\n" + head(path)
    sizes = {
        "negative": b"-1", "plus sign": b"+5", "0x": b"0x5", "0X upper": b"0X5", "not hex": b"xyz", "empty": b"",
        "space before": b" 5", "tab before": b"\t5", "space inside": b"5 5", "decimal point": b"5.0", "comma": b"5,5",
        "huge": b"F" * 16, "overflow to 5": b"1" + b"0" * 15 + b"5", "overflow of 32 bits": b"100000005",
        "endless digits": b"1" * 100_000, "underscore": b"5_", "quotes": b'"5"', "NUL": b"5\0", "high bytes": b"\xb5",
        "exponent": b"5e1g", "carriage return inside": b"5\r",
    }
    cases = [(f"size {name}", chunked + size + b"\r\nhello\r\n" + hidden, True) for name, size in sizes.items()]
    return cases + [
        ("data longer than its size", chunked + b"3\r\nhello\r\n" + hidden, True),
        ("no CRLF after the data", chunked + b"5\r\nhello" + hidden, True),
        ("bare LF after the size", chunked + b"5\nhello\r\n" + hidden, True),
        ("bare LF after the data", chunked + b"5\r\nhello\n" + hidden, True),
        ("bare CR after the size", chunked + b"5\rhello\r\n" + hidden, True),
        ("end in the middle", chunked + b"5\r\nhel", True),
        ("size without end", chunked + b"5", True),
        ("extension of 1 MB", chunked + b"5;" + b"x" * 1_000_000 + b"\r\nhello\r\n" + hidden, True),
        ("100,000 extensions", chunked + b"5" + b";a=b" * 100_000 + b"\r\nhello\r\n" + hidden, True),
        ("line end in an extension", chunked + b"5;a=\nb\r\nhello\r\n" + hidden, True),
        ("100,000 chunks of a byte with extensions", chunked + b"1;aaaaaaaaaaaaaaaa\r\nx\r\n" * 100_000 + hidden,
         False),
        ("100,000 trailers", chunked + b"0\r\n" + b"X-Trailer: x\r\n" * 100_000 + b"\r\n", True),
        ("trailer without colon", chunked + b"0\r\nnonsense\r\n\r\n", True),
    ]


def smuggling(path):
    hidden = head(path)
    length = b"Content-Length: %d" % len(hidden)

    def with_body(*lines, body=b"0\r\n\r\n" + hidden, **kind):
        return head(path, *lines, **kind) + body

    return [
        ("CL and TE", with_body(b"Content-Length: 5", b"Transfer-Encoding: chunked"), True),
        ("TE and CL", with_body(b"Transfer-Encoding: chunked", b"Content-Length: 5"), True),
        ("two different CL", with_body(b"Content-Length: 0", length, body=hidden), True),
        ("CL list", with_body(b"Content-Length: 0, %d" % len(hidden), body=hidden), True),
        ("two equal CL", with_body(b"Content-Length: 0", b"Content-Length: 0", body=b""), False),
        ("CL negative", with_body(b"Content-Length: -1"), True),
        ("CL plus sign", with_body(b"Content-Length: +5"), True),
        ("CL hex", with_body(b"Content-Length: 0x5"), True),
        ("CL overflow", with_body(b"Content-Length: 18446744073709551621"), True),
        ("CL empty", with_body(b"Content-Length:"), True),
        ("CL words", with_body(b"Content-Length: five"), True),
        ("TE unknown", with_body(b"Transfer-Encoding: xchunked"), True),
        ("TE chunked twice", with_body(b"Transfer-Encoding: chunked, chunked"), True),
        ("TE chunked not last", with_body(b"Transfer-Encoding: chunked, gzip"), True),
        ("TE with a vertical tab", with_body(b"Transfer-Encoding: \x0bchunked"), True),
        ("TE in HTTP/1.0", with_body(b"Transfer-Encoding: chunked", b"Connection: keep-alive", version=b"HTTP/1.0"),
         False),
        ("space before the colon", with_body(b"Content-Length : 5"), True),
        ("TE with a space before the colon", with_body(b"Transfer-Encoding : chunked"), True),
        ("space before the first header", b"GET " + path + b" HTTP/1.1\r\n Host: localhost\r\n\r\n", True),
        ("obs-fold", head(path, b"X-Folded: a", b" b"), False),
        ("obs-fold of TE", with_body(b"Transfer-Encoding:", b" chunked", b"Content-Length: 5"), True),
        ("bare LF", head(path).replace(b"\r\n", b"\n"), False),
        ("bare CR in a value", head(path, b"X-A: a\rContent-Length: 5"), True),
        ("NUL in a value", head(path, b"X-A: a\0b"), True),
        ("NUL in a name", head(path, b"X\0A: b"), True),
        ("NUL in the target", head(path + b"\0"), True),
        ("control byte in the target", head(path + b"\x01"), True),
        ("space in the target", head(path + b" x"), True),
        ("no colon", head(path, b"nonsense"), True),
        ("no name", head(path, b": value"), True),
        ("brackets in a name", head(path, b"X[A]: b"), True),
        ("no Host", b"GET " + path + b" HTTP/1.1\r\n\r\n", True),
        ("two Hosts", head(path, b"Host: other"), True),
        ("no version", b"GET " + path + b"\r\n\r\n", True),
        ("HTTP/9.9", head(path, version=b"HTTP/9.9"), True),
        ("HTTP/1.1 misspelt", head(path, version=b"http/1.1"), True),
        ("HTTP/2 preface", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes(9), True),
        ("method with brackets", head(path, method=b"G(E)T"), True),
        ("method of 100 KB", head(path, method=b"G" * 100_000), True),
        ("target of 1 MB", head(path + b"?" + b"a" * 1_000_000), True),
        ("header of 1 MB", head(path, b"X-A: " + b"a" * 1_000_000), True),
        ("header name of 1 MB", head(path, b"X" * 1_000_000 + b": a"), True),
        ("absolute-form", head(b"http://localhost" + path), False),
        ("asterisk-form", head(b"*", method=b"OPTIONS"), False),
        ("asterisk-form of GET", head(b"*"), True),
        ("authority-form", head(b"localhost:80", method=b"CONNECT"), True),
        ("up and out of the tree", head(b"/../../../../etc/passwd"), True),
        ("up and out, encoded", head(b"/%2e%2e/%2e%2e/etc/passwd"), True),
        ("a 1xx that never comes", head(path, b"Expect: 100-continue", b"Content-Length: 1000000000000"), True),
    ]


def garbage(path, count, seed):
    """`count` byte strings that are no requests, the same ones for the same seed."""
    numbers = random.Random(seed)

    def noise(most):
        return numbers.randbytes(numbers.randrange(1, most))

    kinds = [
        lambda: noise(4096),
        lambda: b"GET " + noise(200) + b"\0\r\n\r\n",
        lambda: b"GET " + path + b" HTTP/1.1\r\n" + noise(1000) + b"\0\r\n\r\n",
        lambda: b"GET " + path + b" HTTP/1.1\r\nHost: " + noise(100) + b"\0\r\n\r\n",
        lambda: head(path)[:numbers.randrange(1, len(head(path)) - 3)],
        lambda: b"\x16\x03\x01" + noise(500),
        lambda: b"\0" * numbers.randrange(1, 20_000),
        lambda: b"\r\n" * numbers.randrange(1, 2000),
        lambda: bytes([numbers.randrange(33, 127)]) * numbers.randrange(1, 65_536),
    ]
    for _ in range(count):
        yield numbers.choice(kinds)()
