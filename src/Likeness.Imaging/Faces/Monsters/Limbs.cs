namespace Likeness.Imaging.Faces.Monsters;

/// <summary>Arms and legs, drawn behind the body in its darker tone; <c>currentColor</c> is the accent.</summary>
internal static class Limbs
{
    private const string Wave = """<path d="M140 330Q64 300 60 196" fill="none" stroke-width="46"/><circle cx="60" cy="190" r="32" stroke="none"/>""";
    private const string Hang = """<path d="M136 300Q66 326 66 404" fill="none" stroke-width="46"/><circle cx="66" cy="404" r="30" stroke="none"/>""";

    public static readonly IReadOnlyList<string> Arms =
    [
        Svg.Mirrored(Wave),
        Svg.Mirrored(Hang),
        Wave + $"""<g transform="matrix(-1 0 0 1 512 0)">{Hang}</g>""",
        Hang + $"""<g transform="matrix(-1 0 0 1 512 0)">{Wave}</g>""",
        Svg.Mirrored("""<path d="M150 270C90 150 40 160 20 196C44 200 40 226 28 250C56 248 58 274 52 296C80 290 96 320 150 330Z" fill="currentColor" stroke="none"/>"""),
        Svg.Mirrored("""<path d="M130 320C70 350 90 250 46 262C16 270 30 310 50 304" fill="none" stroke-width="34"/>"""),
        Svg.Mirrored("""<ellipse cx="104" cy="310" rx="44" ry="34" stroke="none"/>"""),
        Svg.Mirrored("""<path d="M140 330Q80 330 58 260" fill="none" stroke-width="36"/><path d="M58 268L26 226M58 268L60 214M58 268L92 230" fill="none" stroke-width="20"/>"""),
        "",
    ];

    public static readonly IReadOnlyList<string> Legs =
    [
        Svg.Mirrored("""<rect x="162" y="400" width="70" height="90" rx="32" stroke="none"/>"""),
        Svg.Mirrored("""<path d="M212 420V470" fill="none" stroke-width="36"/><ellipse cx="194" cy="474" rx="48" ry="22" stroke="none"/>"""),
        Svg.Mirrored("""<path d="M212 420V462" fill="none" stroke-width="32"/><path d="M212 462L170 482M212 462L212 486M212 462L244 480" fill="none" stroke-width="18"/>"""),
        Svg.Mirrored("""<path d="M150 410Q150 476 108 478M216 420Q220 470 190 488" fill="none" stroke-width="30"/>"""),
        Svg.Mirrored("""<path d="M206 420V452" fill="none" stroke-width="40"/><path d="M140 492Q138 450 188 446H232V492Z" fill="currentColor" stroke="none"/>"""),
        """<ellipse cx="256" cy="484" rx="110" ry="14" fill="#27233a" fill-opacity="0.16" stroke="none"/>""",
        """<path d="M256 420C360 420 410 440 440 492C420 476 396 478 380 492C360 474 330 476 316 492C296 474 270 476 256 492C242 476 216 474 196 492C182 476 152 474 132 492C116 478 92 476 72 492C102 440 152 420 256 420Z" stroke="none"/>""",
    ];
}
