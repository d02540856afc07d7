"""What the models answer, in their own forms."""

PAGE = """\
# Annual **report**

A paragraph with *stress*, `code`, [a link](https://example.org) and $x_1$.

## Results ##

- First
  - nested and
    continued
- Second

1. one
2. two

Table 1: Sums

| A | B |
|---|--:|
| 1 | 2 \\| 3 |

![image](image_1.png)100,200,500,600

Figure 2. A plot

$$
E = mc^2
$$

```python
def f():
    return 1
```

A claim[^1].

[^1]: Its source
goes on.
"""

LAYOUT = [
    {"bbox": [50, 10, 950, 30], "category": "Page-header", "text": "Journal"},
    {"bbox": [100, 50, 900, 90], "category": "Title", "text": "# On pages"},
    {"bbox": [100, 100, 900, 130], "category": "Section-header", "text": "### 1.1 Start"},
    {"bbox": [100, 140, 900, 240], "category": "Text", "text": 'He said "**yes**".\n\nThen $x$.'},
    {"bbox": [100, 250, 900, 270], "category": "List-item", "text": "- one"},
    {"bbox": [130, 280, 900, 300], "category": "List-item", "text": "- two"},
    {"bbox": [100, 310, 900, 350], "category": "Formula", "text": "$$\\frac{a}{b} \\nabla$$"},
    {"bbox": [100, 360, 900, 380], "category": "Caption", "text": "Table 1: Sums"},
    {"bbox": [100, 390, 900, 490], "category": "Table", "text": "<table><tr><td>1</td><td>2</td></tr></table>"},
    {"bbox": [100, 500, 900, 800], "category": "Picture"},
    {"bbox": [100, 810, 900, 830], "category": "Caption", "text": "Figure 1: A plot"},
    {"bbox": [100, 900, 900, 920], "category": "Footnote", "text": "1 A note"},
    {"bbox": [480, 950, 520, 970], "category": "Page-footer", "text": "– 12 –"},
]

GROUNDED = """\
<|ref|>title<|/ref|><|det|>[[40, 95, 476, 133]]<|/det|>
# On pages

<|ref|>text<|/ref|><|det|>[[40, 148, 952, 186]]<|/det|>
A paragraph.
On two lines.

<|ref|>table<|/ref|><|det|>[[40, 200, 952, 300]]<|/det|>
<table><tr><td>1</td><td>2</td></tr></table>

<|ref|>image<|/ref|><|det|>[[40, 310, 952, 500]]<|/det|>
<|ref|>image_caption<|/ref|><|det|>[[40, 510, 952, 520]]<|/det|>
<center>Figure 1: A plot</center>

<|ref|>equation<|/ref|><|det|>[[40, 530, 952, 560]]<|/det|>
\\[ a = b \\]<｜end▁of▁sentence｜>"""

SPOTTED = "Hello<|LOC_100|><|LOC_100|><|LOC_200|><|LOC_100|><|LOC_200|><|LOC_150|><|LOC_100|><|LOC_150|>"

OTSL = "<fcel>a<lcel><fcel>b<nl><fcel>c<ucel><ecel><nl>" * 3
