namespace Likeness.Imaging.Faces.Wavatars;

/// <summary><c>wavatar</c>: a face that fills the picture.</summary>
internal sealed class Wavatar() : HashedFace("wavatar", "a geometric face")
{
    private static readonly IReadOnlyList<string> Cheeks =
    [
        "",
        Svg.Mirrored("""<circle cx="132" cy="320" r="32"/>"""),
        Svg.Mirrored("""<circle cx="118" cy="310" r="8"/><circle cx="146" cy="318" r="8"/><circle cx="128" cy="338" r="8"/>"""),
    ];

    /// <summary>Large enough to be seen in a list: about the eyes, about one of them, about the mouth, or nowhere.</summary>
    private static readonly IReadOnlyList<string> Patches =
    [
        "",
        Svg.Mirrored("""<circle cx="184" cy="224" r="80"/>"""),
        """<circle cx="328" cy="224" r="88"/>""",
        """<ellipse cx="256" cy="370" rx="122" ry="74"/>""",
    ];

    private static readonly IReadOnlyList<string> Grounds = [.. Palette.Grounds, .. Palette.Figures.Select(tone => tone.Light)];

    protected internal override string Draw(FaceSeed seed)
    {
        var tone = seed.Pick(Palette.Figures);
        var behind = seed.Pick(Palette.Figures);
        return Svg.OnGround(
            seed.Pick(Grounds),
            $"""<g fill="{behind.Light}" stroke="{behind.Light}" opacity="0.85">{seed.Pick(Backdrops.All)}</g>""",
            $"""<g fill="{tone.Main}">{seed.Pick(Heads.All)}</g>""",
            $"""<g fill="{seed.Pick(Palette.Figures).Light}" fill-opacity="0.8">{seed.Pick(Patches)}</g>""",
            $"""<g fill="#ff5d7a" fill-opacity="0.45">{seed.Pick(Cheeks)}</g>""",
            $"""<g fill="none" stroke="{tone.Shade}" stroke-width="22" stroke-linecap="round">{seed.Pick(Brows.All)}</g>""",
            $"""<g fill="#fff">{Svg.Mirrored(seed.Pick(Eyes.Whites))}</g>""",
            $"""<g fill="{seed.Pick(Eyes.Irises)}">{seed.Pick(Eyes.Pupils)}</g>""",
            seed.Pick(Mouths.All),
            $"""<g fill="{tone.Shade}" stroke="{tone.Shade}" color="{behind.Shade}">{seed.Pick(Noses.All)}</g>""");
    }
}
