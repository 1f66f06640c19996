namespace Likeness.Imaging.Faces.Monsters;

/// <summary>Eyes about (256, 222).</summary>
internal static class Eyes
{
    private const string Open = """<circle cx="200" cy="222" r="46" fill="#fff"/>""";

    public static readonly IReadOnlyList<string> All =
    [
        """<circle cx="256" cy="218" r="74" fill="#fff"/><circle cx="256" cy="222" r="38" fill="#27233a"/><circle cx="270" cy="206" r="12" fill="#fff"/>""",
        Svg.Mirrored(Open) + """<circle cx="208" cy="226" r="24" fill="#27233a"/><circle cx="304" cy="226" r="24" fill="#27233a"/><circle cx="216" cy="216" r="8" fill="#fff"/><circle cx="312" cy="216" r="8" fill="#fff"/>""",
        """<g fill="#fff"><circle cx="172" cy="236" r="36"/><circle cx="256" cy="204" r="44"/><circle cx="340" cy="236" r="36"/></g><g fill="#27233a"><circle cx="176" cy="240" r="17"/><circle cx="256" cy="210" r="21"/><circle cx="336" cy="240" r="17"/></g>""",
        """<circle cx="206" cy="220" r="58" fill="#fff"/><circle cx="326" cy="232" r="36" fill="#fff"/><g fill="#27233a"><circle cx="212" cy="226" r="28"/><circle cx="322" cy="236" r="18"/></g>""",
        Svg.Mirrored("""<circle cx="200" cy="222" r="46" fill="#fff"/><path d="M154 222a46 46 0 0 0 92 0Z" fill="#27233a"/><path d="M150 222H250" stroke="#27233a" stroke-width="14" stroke-linecap="round"/>"""),
        Svg.Mirrored("""<path d="M152 190L246 222A47 47 0 1 1 152 190Z" fill="#fff"/><circle cx="206" cy="230" r="20" fill="#27233a"/><path d="M148 186L248 220" stroke="#27233a" stroke-width="16" stroke-linecap="round"/>"""),
        Svg.Mirrored("""<circle cx="196" cy="224" r="26" fill="#27233a"/><circle cx="204" cy="214" r="9" fill="#fff"/>"""),
        Svg.Mirrored("""<path d="M158 236Q196 184 234 236" fill="none" stroke="#27233a" stroke-width="20" stroke-linecap="round"/>"""),
        Svg.Mirrored("""<ellipse cx="206" cy="218" rx="36" ry="58" fill="#fff"/><ellipse cx="214" cy="230" rx="18" ry="28" fill="#27233a"/>"""),
        Svg.Mirrored("""<circle cx="198" cy="222" r="48" fill="#ffe27a"/><ellipse cx="198" cy="222" rx="13" ry="38" fill="#27233a"/>"""),
        """<g fill="#fff"><circle cx="190" cy="252" r="26"/><circle cx="322" cy="252" r="26"/><circle cx="206" cy="190" r="26"/><circle cx="306" cy="190" r="26"/><circle cx="256" cy="230" r="26"/></g><g fill="#27233a"><circle cx="194" cy="254" r="12"/><circle cx="318" cy="254" r="12"/><circle cx="210" cy="194" r="12"/><circle cx="302" cy="194" r="12"/><circle cx="256" cy="234" r="12"/></g>""",
        Svg.Mirrored("""<circle cx="198" cy="222" r="50" fill="#fff" stroke="#27233a" stroke-width="14"/><circle cx="206" cy="224" r="18" fill="#27233a"/><path d="M246 214H256" stroke="#27233a" stroke-width="14"/>"""),
        """<path d="M150 214H246Q240 262 198 262T150 214Z" fill="#27233a"/><path d="M266 214H362Q356 262 314 262T266 214Z" fill="#27233a"/><path d="M140 214H372" stroke="#27233a" stroke-width="16" stroke-linecap="round"/><path d="M168 228L196 228L180 246ZM284 228L312 228L296 246Z" fill="#fff"/>""",
    ];
}
