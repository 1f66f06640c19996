namespace Likeness.Imaging.Faces.Monsters;

/// <summary><c>monsterid</c>: somebody friendly from under the bed.</summary>
internal sealed class MonsterId() : HashedFace("monsterid", "a friendly monster")
{
    protected internal override string Draw(FaceSeed seed)
    {
        var tone = seed.Pick(Palette.Figures);
        var accent = seed.Pick(Palette.Figures);
        return Svg.OnGround(
            seed.Pick(Palette.Grounds),
            $"""<g fill="{accent.Main}" stroke="{accent.Main}" color="{accent.Shade}" stroke-linecap="round">{seed.Pick(Horns.All)}</g>""",
            $"""<g fill="{tone.Shade}" stroke="{tone.Shade}" color="{accent.Main}" stroke-linecap="round">{seed.Pick(Limbs.Arms)}{seed.Pick(Limbs.Legs)}</g>""",
            $"""<g fill="{tone.Main}">{seed.Pick(Bodies.All)}</g>""",
            $"""<g fill="{tone.Light}" color="{tone.Shade}">{seed.Pick(Furs.All)}</g>""",
            seed.Pick(Eyes.All),
            seed.Pick(Mouths.All));
    }
}
