"""Tesseract's names of languages (ISO 639-2, and names of its own) and the codes that the option `language` takes."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from quire.errors import UnknownLanguage
from quire.models.languages import find_language

_TABLE: Final = """
    af:afr am:amh ar:ara as:asm az:aze az-cyrl:aze_cyrl be:bel bg:bul bn:ben bo:bod br:bre bs:bos ca:cat
    ceb:ceb chr:chr co:cos cs:ces cy:cym da:dan de:deu dv:div dz:dzo el:ell en:eng enm:enm eo:epo es:spa
    es-old:spa_old et:est eu:eus fa:fas fi:fin fo:fao fr:fra frk:frk frm:frm fy:fry ga:gle gd:gla gl:glg
    grc:grc gu:guj he:heb hi:hin hr:hrv ht:hat hu:hun hy:hye id:ind is:isl it:ita it-old:ita_old iu:iku
    ja:jpn ja-vert:jpn_vert jv:jav ka:kat ka-old:kat_old kk:kaz km:khm kn:kan ko:kor ko-vert:kor_vert ku:kmr
    ky:kir la:lat lb:ltz lo:lao lt:lit lv:lav mi:mri mk:mkd ml:mal mn:mon mr:mar ms:msa mt:mlt my:mya ne:nep
    nl:nld no:nor oc:oci or:ori pa:pan pl:pol ps:pus pt:por qu:que ro:ron ru:rus sa:san sd:snd si:sin sk:slk
    sl:slv sq:sqi sr:srp sr-latn:srp_latn su:sun sv:swe sw:swa syr:syr ta:tam te:tel tg:tgk th:tha ti:tir
    tl:fil to:ton tr:tur tt:tat ug:uig uk:ukr ur:urd uz:uzb uz-cyrl:uzb_cyrl vi:vie yi:yid yo:yor
    zh:chi_sim zh-vert:chi_sim_vert zh-hant:chi_tra zh-hant-vert:chi_tra_vert
"""

_NAMES: Final = MappingProxyType(dict(pair.split(":") for pair in _TABLE.split()))
"""Tesseract's name by code: ISO 639-1 where there is one, else ISO 639-3, and what tells variants apart."""

_CODES: Final = MappingProxyType({name: code for code, name in _NAMES.items()})


def code_of(name: str) -> str:
    """The value of the option `language` for one of Tesseract's names; the name itself where it has no code, as
    "script/Latin" and what people trained themselves."""
    return _CODES.get(name, name)


def name_of(text: str) -> str | None:
    """Tesseract's name of the language that a code or a name means, whatever its case; None for no language that
    Tesseract was published with."""
    key = text.strip().lower()
    if key in _CODES:
        return key
    if (code := key.replace("_", "-")) in _NAMES:
        return _NAMES[code]
    try:
        return _NAMES.get(find_language(text).code)
    except UnknownLanguage:
        return None


def package_of(name: str) -> str:
    """Debian's and Ubuntu's package with a language."""
    return f"tesseract-ocr-{name.replace('_', '-')}"
