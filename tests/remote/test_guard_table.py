"""The table of addresses that must not be reached, in every way they can be written, and of those that may."""

from __future__ import annotations

import ipaddress
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from answering import resolving
from quire.errors import InvalidOption, UrlFailed, UrlRefused
from quire.remote import Guard
from quire.remote.networks import NetworkPolicy, embedded

pytestmark = pytest.mark.anyio

REFUSED_HOSTS = {
    "loopback": "127.0.0.1",
    "another loopback": "127.255.255.254",
    "loopback, decimal": "2130706433",
    "loopback, octal number": "017700000001",
    "loopback, octal parts": "0177.0.0.01",
    "loopback, zeros before": "127.0.0.001",
    "loopback, hexadecimal number": "0x7f000001",
    "loopback, hexadecimal, capitals": "0X7F000001",
    "loopback, hexadecimal parts": "0x7f.0x0.0x0.0x1",
    "loopback, one part hexadecimal": "127.0.0.0x1",
    "loopback, two parts": "127.1",
    "loopback, three parts": "127.0.1",
    "loopback, mixed": "0x7f.1",
    "loopback, too large a number": "4294967297",
    "loopback, trailing dot": "127.0.0.1.",
    "loopback, decimal, trailing dot": "2130706433.",
    "loopback, full-width digits": "１２７.０.０.１",
    "loopback, ideographic full stops": "127。0。0。1",
    "loopback, circled digits": "①②⑦.⓪.⓪.①",
    "loopback, soft hyphen inside": "127.0.0\u00ad.1",
    "loopback, encoded digits": "%31%32%37.0.0.1",
    "loopback, encoded dots": "127%2e0%2e0%2e1",
    "a public address in decimal": "134744072",
    "a public address in octal": "010.8.8.8",
    "unspecified": "0.0.0.0",
    "unspecified, short": "0",
    "this network": "0.1.2.3",
    "private 10": "10.0.0.1",
    "private 172.16": "172.16.0.1",
    "private 172.31, the last": "172.31.255.255",
    "private 192.168": "192.168.1.1",
    "private, decimal": "167772161",
    "carrier-grade NAT": "100.64.0.1",
    "carrier-grade NAT, the last": "100.127.255.255",
    "link-local": "169.254.0.1",
    "metadata": "169.254.169.254",
    "metadata, decimal": "2852039166",
    "metadata, hexadecimal": "0xa9fea9fe",
    "metadata, octal": "0251.0376.0251.0376",
    "metadata of ECS": "169.254.170.2",
    "metadata of Alibaba": "100.100.100.200",
    "metadata of Azure, a public address": "168.63.129.16",
    "metadata of Oracle": "192.0.0.192",
    "IETF protocols": "192.0.0.8",
    "documentation 1": "192.0.2.1",
    "documentation 2": "198.51.100.1",
    "documentation 3": "203.0.113.1",
    "6to4 relay": "192.88.99.1",
    "benchmarks": "198.18.0.1",
    "benchmarks, the last": "198.19.255.255",
    "multicast": "224.0.0.1",
    "multicast, administrative": "239.255.255.250",
    "reserved": "240.0.0.1",
    "broadcast": "255.255.255.255",
    "IPv6 loopback": "[::1]",
    "IPv6 loopback, written out": "[0000:0000:0000:0000:0000:0000:0000:0001]",
    "IPv6 unspecified": "[::]",
    "IPv4-mapped loopback": "[::ffff:127.0.0.1]",
    "IPv4-mapped loopback, hexadecimal": "[::ffff:7f00:1]",
    "IPv4-mapped, written out": "[0:0:0:0:0:ffff:a9fe:a9fe]",
    "IPv4-mapped private": "[::ffff:10.0.0.1]",
    "IPv4-compatible": "[::127.0.0.1]",
    "IPv4-compatible, a public one": "[::8.8.8.8]",
    "IPv4-translated": "[::ffff:0:127.0.0.1]",
    "6to4 of loopback": "[2002:7f00:1::]",
    "6to4 of a private address": "[2002:a00:1::1]",
    "6to4 of a public address": "[2002:808:808::1]",
    "NAT64 of loopback": "[64:ff9b::127.0.0.1]",
    "NAT64 of a private address": "[64:ff9b::a00:1]",
    "NAT64 of metadata": "[64:ff9b::169.254.169.254]",
    "NAT64 of a site": "[64:ff9b:1::10.0.0.1]",
    "NAT64 of a site, a public address": "[64:ff9b:1::8.8.8.8]",
    "Teredo": "[2001:0:4136:e378:8000:63bf:3fff:fdd2]",
    "Teredo of loopback": "[2001:0:808:808:0:0:80ff:fffe]",
    "ISATAP of a private address": "[2606:4700::5efe:10.0.0.1]",
    "ISATAP of loopback, global bit": "[2606:4700::200:5efe:127.0.0.1]",
    "ISATAP, link-local": "[fe80::5efe:192.168.0.1]",
    "ORCHID": "[2001:20::1]",
    "IPv6 link-local": "[fe80::1]",
    "IPv6 link-local with a zone": "[fe80::1%25eth0]",
    "IPv6 site-local": "[fec0::1]",
    "unique local fc": "[fc00::1]",
    "unique local fd": "[fd12:3456:789a::1]",
    "metadata of EC2 over IPv6": "[fd00:ec2::254]",
    "metadata of Google over IPv6": "[fd20:ce::254]",
    "IPv6 multicast": "[ff02::1]",
    "IPv6 discard": "[100::1]",
    "IPv6 documentation": "[2001:db8::1]",
    "IPv6 documentation, new": "[3fff::1]",
    "IPv6 segment routing": "[5f00::1]",
    "IPv6 never given out": "[4000::1]",
    "IPv6 future version": "[v1.fe80]",
    "brackets round IPv4": "[127.0.0.1]",
    "brackets inside a name": "example.com[::1]",
    "brackets before a name": "[::1].example.com",
}

REFUSED_URLS = {
    "a file": "file:///etc/passwd",
    "gopher": "gopher://93.184.216.34/",
    "ftp": "ftp://93.184.216.34/a.pdf",
    "data": "data:application/pdf;base64,AAAA",
    "no scheme": "//93.184.216.34/",
    "a user name": "http://user@93.184.216.34/",
    "a user name that looks like a host": "http://93.184.216.34@127.0.0.1/",
    "a password": "http://93.184.216.34:80@127.0.0.1:80/",
    "an encoded user name": "http://93.184.216.34%40127.0.0.1/",
    "a user name behind a backslash": "http://127.0.0.1\\@93.184.216.34/",
    "a backslash instead of a slash": "http:\\\\127.0.0.1/",
    "a user name behind a fragment": "http://127.0.0.1#@93.184.216.34:99999/",
    "a line break in the host": "http://127.0.0.1\n.example.com/",
    "a line break in the path": "http://93.184.216.34/\r\nHost: 127.0.0.1",
    "a tab in the scheme": "ht\ttp://127.0.0.1/",
    "a space in the host": "http://127.0.0.1 .example.com/",
    "a null character": "http://127.0.0.1\x00.example.com/",
    "no host": "http:///a.pdf",
    "a dot as host": "http://./",
    "empty labels": "http://a..example.com/",
    "a full-width slash in the host": "http://example.com／@127.0.0.1/",
    "a mail server's port": "http://93.184.216.34:25/",
    "a shell's port": "http://93.184.216.34:22/",
    "port zero": "http://93.184.216.34:0/",
    "a port too large": "http://93.184.216.34:65536/",
    "a port in full-width digits": "http://93.184.216.34:８０/",
    "a negative port": "http://93.184.216.34:-1/",
    "too long": "http://93.184.216.34/" + "a" * 9000,
}

REFUSED_ANSWERS = {
    "loopback": ["127.0.0.1"],
    "IPv6 loopback": ["::1"],
    "metadata": ["169.254.169.254"],
    "IPv4-mapped metadata": ["::ffff:169.254.169.254"],
    "a link-local address with its zone": ["fe80::1%eth0"],
    "a public and a private address": ["93.184.216.34", "10.0.0.1"],
    "a public IPv4 and a loopback IPv6 address": ["93.184.216.34", "::1"],
    "NAT64 of a private address": ["64:ff9b::c0a8:1"],
}

ALLOWED = {
    "an address": "http://93.184.216.34/a.pdf",
    "an address with a trailing dot": "http://93.184.216.34./",
    "an address beside a private network": "http://172.32.0.1/",
    "an address below carrier-grade NAT": "http://100.63.255.255/",
    "an address beside multicast": "http://223.255.255.254/",
    "full-width digits of a public address": "http://９３.１８４.２１６.３４/",
    "the default port": "https://93.184.216.34:443/",
    "a high port": "http://93.184.216.34:8080/",
    "an empty port": "http://93.184.216.34:/",
    "an IPv6 address": "https://[2606:4700:4700::1111]/",
    "an IPv4-mapped public address": "http://[::ffff:93.184.216.34]/",
    "NAT64 of a public address": "http://[64:ff9b::5db8:d822]/",
    "an @ in the query": "http://93.184.216.34/?who=user@example.com",
    "capital letters": "HTTP://93.184.216.34/",
}


def test_the_table_is_long_enough() -> None:
    assert len(REFUSED_HOSTS) + len(REFUSED_URLS) + len(REFUSED_ANSWERS) >= 60


@pytest.mark.parametrize("host", REFUSED_HOSTS.values(), ids=REFUSED_HOSTS)
@pytest.mark.parametrize("url", ["http://{}/", "https://{}:8443/a.pdf?b=c"], ids=["plain", "with a port"])
async def test_a_forbidden_host_is_refused(url: str, host: str) -> None:
    with pytest.raises(UrlRefused):
        await Guard().check(url.format(host))


@pytest.mark.parametrize("url", REFUSED_URLS.values(), ids=REFUSED_URLS)
async def test_a_forbidden_url_is_refused(url: str) -> None:
    resolve, calls = resolving(["93.184.216.34"])

    with pytest.raises(UrlRefused):
        await Guard(resolve=resolve).check(url)

    assert calls() == 0


@pytest.mark.parametrize("answer", REFUSED_ANSWERS.values(), ids=REFUSED_ANSWERS)
async def test_a_name_with_a_forbidden_address_is_refused(answer: list[str]) -> None:
    resolve, _ = resolving(answer)

    with pytest.raises(UrlRefused):
        await Guard(resolve=resolve).check("https://documents.example/")


@pytest.mark.parametrize("name", ["localhost", "LOCALHOST", "localhost.", "ｌｏｃａｌｈｏｓｔ"])
async def test_the_name_of_this_machine_is_refused(name: str) -> None:
    with pytest.raises(UrlRefused):
        await Guard().check(f"http://{name}/")


@pytest.mark.parametrize("url", ALLOWED.values(), ids=ALLOWED)
async def test_a_public_address_is_allowed(url: str) -> None:
    await Guard().check(url)


@pytest.mark.parametrize(
    "name",
    ["example.com", "EXAMPLE.com.", "bücher.example", "xn--bcher-kva.example", "0x7f.example.com", "1.2.3.4.example"],
)
async def test_a_name_with_public_addresses_is_allowed(name: str) -> None:
    resolve, calls = resolving(["2606:4700:4700::1111", "93.184.216.34"])

    address = await Guard(resolve=resolve).check(f"https://{name}/a%20b.pdf?q=ä")

    assert (address.host.isascii(), address.host.endswith("."), calls()) == (True, False, 1)
    assert address.target == "/a%20b.pdf?q=%C3%A4"


@pytest.mark.parametrize(
    ("network", "url"),
    [
        ("10.1.0.0/16", "http://10.1.2.3/"),
        ("10.1.0.0/16", "http://[::ffff:10.1.2.3]/"),
        ("10.1.0.0/16", "http://[64:ff9b::10.1.2.3]/"),
        ("127.0.0.1", "http://127.0.0.1:8080/"),
        ("fd00::/8", "http://[fd12::1]/"),
        ("169.254.169.254", "http://169.254.169.254/"),
        ("fd00:ec2::254/128", "http://[fd00:ec2::254]/"),
    ],
)
async def test_an_allowed_network_may_be_reached(network: str, url: str) -> None:
    await Guard([network]).check(url)


@pytest.mark.parametrize(
    ("network", "url"),
    [
        ("10.1.0.0/16", "http://10.2.0.1/"),
        ("10.1.0.0/16", "http://[::ffff:10.2.0.1]/"),
        ("0.0.0.0/0", "http://169.254.169.254/"),
        ("100.64.0.0/10", "http://100.100.100.200/"),
        ("fd00::/8", "http://[fd00:ec2::254]/"),
        ("64:ff9b::/96", "http://[64:ff9b::169.254.169.254]/"),
        ("::/0", "http://127.0.0.1/"),
    ],
)
async def test_an_allowed_network_opens_nothing_else_and_no_metadata(network: str, url: str) -> None:
    with pytest.raises(UrlRefused):
        await Guard([network]).check(url)


@pytest.mark.parametrize("network", ["10.0.0.1/8", "intranet", "10.0.0.0/33", ""])
def test_a_network_that_is_none_is_named(network: str) -> None:
    with pytest.raises(InvalidOption, match="not a network"):
        Guard([network])


async def test_a_name_without_addresses_fails() -> None:
    resolve, _ = resolving([])

    with pytest.raises(UrlFailed):
        await Guard(resolve=resolve).check("https://documents.example/")


async def test_a_name_that_nobody_knows_fails() -> None:
    async def resolve(host: str, port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    with pytest.raises(UrlFailed):
        await Guard(resolve=resolve).check("https://documents.example/")


@given(st.ip_addresses(v=4) | st.ip_addresses(v=6))
def test_whatever_is_allowed_is_global(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    if NetworkPolicy().allows(address):
        shown = getattr(address, "ipv4_mapped", None) or (embedded(address) or (address,))[0]
        assert shown.is_global
        assert not any((shown.is_multicast, shown.is_reserved, shown.is_loopback, shown.is_link_local))


@given(st.ip_addresses(v=4))
def test_tunnels_hide_no_address(address: ipaddress.IPv4Address) -> None:
    number = int(address)
    forms = [
        (0x64_FF9B << 96) | number,
        (0x2002 << 112) | (number << 80),
        (0x2001_0000 << 96) | (number ^ 0xFFFF_FFFF),
        (0x2606_4700 << 96) | (0x5EFE << 32) | number,
        number,
    ]

    assert all(address in embedded(ipaddress.IPv6Address(form)) for form in forms)
