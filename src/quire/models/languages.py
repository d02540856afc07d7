"""The values that the option `language` may take, and the recognizer and vocabulary that each needs.

Codes are ISO 639-1 where there is one, else ISO 639-3; `zh-hant` and `sr-latn` name a script besides. Which
recognizer reads which language is what the publishers of PP-OCRv6 and PP-OCRv5 state.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Final, Literal

from quire.errors import UnknownLanguage
from quire.models import catalog

Script = Literal[
    "latin", "han", "japanese", "korean", "cyrillic", "arabic", "devanagari",
    "thai", "greek", "tamil", "telugu",
]  # fmt: skip

_MULTILINGUAL: Final = "ppocrv6-rec"

# A code, the English name, other names; the English name is itself a name that is understood.
_TABLE: Final[dict[tuple[Script, str], str]] = {
    ("han", _MULTILINGUAL): """
        zh, Chinese, ch, cn, chi, zho, cmn, chi_sim, zh-cn, zh-sg, zh-hans, simplified chinese
        zh-hant, Traditional Chinese, chinese_cht, chi_tra, zh-tw, zh-hk, zh-mo
    """,
    ("japanese", _MULTILINGUAL): "ja, Japanese, japan, jp, jpn",
    ("latin", _MULTILINGUAL): """
        af, Afrikaans, afr
        az, Azerbaijani, aze
        bs, Bosnian, bos
        ca, Catalan, cat
        cs, Czech, ces, cze
        cy, Welsh, cym, wel
        da, Danish, dan
        de, German, deu, ger, deutsch
        en, English, eng
        es, Spanish, spa, español, castilian
        et, Estonian, est
        eu, Basque, eus, baq
        fi, Finnish, fin
        fr, French, fra, fre, français
        ga, Irish, gle
        gl, Galician, glg
        hr, Croatian, hrv
        hu, Hungarian, hun
        id, Indonesian, ind
        is, Icelandic, isl, ice
        it, Italian, ita, italiano
        ku, Kurdish, kur, kmr, kurmanji
        la, Latin, lat
        lb, Luxembourgish, ltz
        lt, Lithuanian, lit
        lv, Latvian, lav
        mi, Māori, mri, mao, maori
        ms, Malay, msa, may
        mt, Maltese, mlt
        nl, Dutch, nld, dut, nederlands
        no, Norwegian, nor, nb, nn, nob, nno
        oc, Occitan, oci
        pl, Polish, pol
        pt, Portuguese, por, português
        qu, Quechua, que
        rm, Romansh, roh
        ro, Romanian, ron, rum, mo, moldavian
        sk, Slovak, slk, slo
        sl, Slovenian, slv, slovene
        sq, Albanian, sqi, alb
        sr-latn, Serbian (Latin), rs_latin, srp_latn, serbian latin
        sv, Swedish, swe
        sw, Swahili, swa
        tl, Tagalog, tgl, fil, filipino
        tr, Turkish, tur
        uz, Uzbek, uzb
        vi, Vietnamese, vie
    """,
    ("korean", "ppocrv5-rec-korean"): "ko, Korean, kor, kr",
    ("cyrillic", "ppocrv5-rec-eslav"): """
        be, Belarusian, bel
        ru, Russian, rus
        uk, Ukrainian, ukr
    """,
    ("cyrillic", "ppocrv5-rec-cyrillic"): """
        abq, Abaza
        ady, Adyghe
        av, Avaric, ava, avar
        ba, Bashkir, bak
        bg, Bulgarian, bul
        bua, Buryat
        ce, Chechen, che
        cv, Chuvash, chv
        dar, Dargwa
        inh, Ingush
        kaa, Karakalpak
        kbd, Kabardian
        kk, Kazakh, kaz
        kv, Komi, kom
        ky, Kyrgyz, kir
        lbe, Lak
        lez, Lezgi, lezgian
        mhr, Mari, meadow mari
        mk, Macedonian, mkd, mac
        mn, Mongolian, mon
        os, Ossetian, oss
        sah, Sakha, yakut
        sr, Serbian, srp, rs_cyrillic, sr-cyrl
        tab, Tabasaran, tabassaran
        tg, Tajik, tgk
        tt, Tatar, tat
        tyv, Tuvan
        udm, Udmurt
        xal, Kalmyk
    """,
    ("arabic", "ppocrv5-rec-arabic"): """
        ar, Arabic, ara
        bal, Balochi
        ckb, Central Kurdish, sorani, kur_ara
        fa, Persian, fas, per, farsi
        ps, Pashto, pus
        sd, Sindhi, snd
        ug, Uyghur, uig
        ur, Urdu, urd
    """,
    ("devanagari", "ppocrv5-rec-devanagari"): """
        anp, Angika, ang
        bgc, Haryanvi
        bho, Bhojpuri
        gom, Konkani, kok
        hi, Hindi, hin
        mag, Magahi, mah
        mai, Maithili
        mr, Marathi, mar
        ne, Nepali, nep
        new, Newar, newari
        sa, Sanskrit, san
        sck, Sadri
    """,
    ("thai", "ppocrv5-rec-thai"): "th, Thai, tha",
    ("greek", "ppocrv5-rec-greek"): "el, Greek, ell, gre, gr",
    ("tamil", "ppocrv5-rec-tamil"): "ta, Tamil, tam",
    ("telugu", "ppocrv5-rec-telugu"): "te, Telugu, tel",
}


@dataclass(frozen=True, slots=True)
class Language:
    """One language that can be read.

    Attributes:
        code: ISO 639-1, or 639-3 where that has none; the canonical value of the option `language`.
        name: in English.
        script: the letters it is written with; which vocabulary a recognizer needs for it.
        recognizer_family: the name in the catalogue of the one recognizer for it, or the name without its
            size where there are several sizes.
    """

    code: str
    name: str
    script: Script
    recognizer_family: str

    def recognizer(self, size: catalog.Size = "small") -> catalog.ModelEntry:
        """The recognizer for this language that is nearest to `size`.

        A family with one recognizer has one size; the tiny one of PP-OCRv6 does not read Japanese, the
        small one takes its place.
        """
        if self.recognizer_family != _MULTILINGUAL:
            return catalog.entry(self.recognizer_family)
        wanted = catalog.entry(f"{_MULTILINGUAL}-{size}")
        return wanted if self.code in wanted.languages else catalog.entry(f"{_MULTILINGUAL}-small")


def languages() -> tuple[Language, ...]:
    """All languages, by code."""
    return tuple(sorted(set(_by_name().values()), key=lambda language: language.code))


def find_language(text: str) -> Language:
    """The language that a code or a name means, whatever its case.

    Understands the codes of `languages()`, ISO 639-2 and 639-3 ("deu"), Tesseract's and PaddleOCR's names
    ("chi_sim", "japan"), English names ("German"), and a region after a code ("pt-BR").

    Raises:
        UnknownLanguage: no language goes by that name, nor does "auto", which the caller resolves; the
            message lists names like it.
    """
    key = _key(text)
    known = _by_name()
    found = known.get(key) or known.get(_without_region(key))
    if found is not None:
        return found
    close = [known[name] for name in difflib.get_close_matches(key[:40], known, n=5, cutoff=0.7)]
    names = dict.fromkeys(f"{language.code!r} ({language.name})" for language in close)
    hint = f"did you mean {' or '.join(names)}? " if names else ""
    every = "GET /v1/engines and `quire models list` show all"
    raise UnknownLanguage(f"no language is called {text[:40]!r}: {hint}{every}")


def _key(text: str) -> str:
    return text.strip().lower().replace("_", "-")


def _without_region(key: str) -> str:
    # Only a region is dropped: a script, as in "az-cyrl", may need another recognizer.
    return re.sub(r"-([a-z]{2}|\d{3})$", "", key)


@lru_cache(maxsize=1)
def _by_name() -> MappingProxyType[str, Language]:
    table: dict[str, Language] = {}
    for (script, family), rows in _TABLE.items():
        for row in rows.strip().splitlines():
            code, name, *others = (cell.strip() for cell in row.split(","))
            language = Language(code, name, script, family)
            table.update({_key(alias): language for alias in (code, name, *others)})
    return MappingProxyType(table)
