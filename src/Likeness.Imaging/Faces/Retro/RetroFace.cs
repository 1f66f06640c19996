using Likeness.Imaging.Faces.Pixels;

namespace Likeness.Imaging.Faces.Retro;

/// <summary><c>retro</c>: a face of an arcade's 8-bit days.</summary>
internal sealed class RetroFace() : HashedFace("retro", "an 8-bit face")
{
    private static readonly IReadOnlyList<string> Screens =
        ["#1d1b3a", "#14304a", "#12372f", "#3a1d33", "#2b2d31", "#3b2416", "#2d1b4e", "#0f3b3b", "#401a24", "#1f3a1a"];

    private static readonly IReadOnlyList<(string Main, string Shade)> Tones =
    [
        ("#ff6b57", "#c9402f"), ("#ffa23e", "#cc721a"), ("#ffd84d", "#cfa325"), ("#a8e04a", "#76ab26"),
        ("#4fd68a", "#2a9f5e"), ("#45d8d0", "#22a09a"), ("#5cb8ff", "#2f86cf"), ("#8f9dff", "#6370d6"),
        ("#c78bff", "#965bd0"), ("#ff86c8", "#cc5496"), ("#f1c9a5", "#c29670"), ("#e6e9f2", "#a9b0c4"),
    ];

    protected internal override string Draw(FaceSeed seed)
    {
        var head = seed.Pick(Tones);
        var accent = seed.Pick([.. Tones.Where(tone => tone != head)]);
        var grid = new PixelGrid()
            .Stamp(seed.Pick(Heads.All))
            .Shade('#', '+')
            .Stamp(seed.Pick(Features.Extras))
            .Stamp(seed.Pick(Features.Mouths))
            .Stamp(seed.Pick(Features.Eyes))
            .Stamp(seed.Pick(Hats.All));
        return Svg.OnGround(
            seed.Pick(Screens),
            grid.Paths(('#', head.Main), ('+', head.Shade), ('a', accent.Main), ('b', accent.Shade), ('r', "#ff4d6d"), ('e', "#ffffff"), ('x', "#1a1626")));
    }
}
