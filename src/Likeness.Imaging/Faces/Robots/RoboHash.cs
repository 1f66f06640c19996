namespace Likeness.Imaging.Faces.Robots;

/// <summary><c>robohash</c>: a robot's bust.</summary>
internal sealed class RoboHash() : HashedFace("robohash", "a robot")
{
    private const string Metal = "#8b93a5";

    protected internal override string Draw(FaceSeed seed)
    {
        var tone = seed.Pick(Palette.Figures);
        var second = seed.Pick(Palette.Figures);
        var light = seed.Pick(Eyes.Lights);
        return Svg.OnGround(
            seed.Pick(Palette.Grounds),
            $"""<g fill="{second.Main}" color="{second.Shade}">{seed.Pick(Bodies.All)}{seed.Pick(Bodies.Badges)}</g>""",
            $"""<g fill="{second.Main}" color="{Metal}">{seed.Pick(Ears.All)}{seed.Pick(Antennae.All)}</g>""",
            $"""<g fill="{tone.Main}" color="{tone.Shade}">{seed.Pick(Heads.All)}</g>""",
            $"""<g fill="{tone.Shade}" stroke="{tone.Shade}" stroke-width="0" color="{tone.Light}">{seed.Pick(Plates.All)}</g>""",
            $"""<g color="{light}"><g transform="matrix(1.2 0 0 1.2 -51.2 -42)">{seed.Pick(Eyes.All)}</g>{seed.Pick(Grilles.All)}</g>""");
    }
}
