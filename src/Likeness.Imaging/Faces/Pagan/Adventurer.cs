using Likeness.Imaging.Faces.Pixels;

namespace Likeness.Imaging.Faces.Pagan;

/// <summary><c>pagan</c>: an adventurer from an old role-playing game, armed and dressed by the hash.</summary>
internal sealed class Adventurer() : HashedFace("pagan", "an 8-bit adventurer")
{
    private const string Ink = "#221d33";

    /// <summary>One cell for the outline and one that keeps it off the edges and round crops: four pixels a cell at 80.</summary>
    private const int Margin = 2;

    private static readonly IReadOnlyList<(string Main, string Shade)> Skins =
        [("#ffdfc4", "#e5b48f"), ("#e8b98d", "#c08d61"), ("#c58a5a", "#99633a"), ("#8b5a3c", "#683f28"), ("#8fce7a", "#649f52"), ("#9fb7e8", "#7089c0")];

    private static readonly IReadOnlyList<string> Hairs =
        ["#3a2a24", "#7a4526", "#b8612b", "#e8b84a", "#d9dde6", "#c23b3b", "#5b4aa8", "#2f7f6f"];

    private static readonly IReadOnlyList<(string Main, string Shade)> Metals =
        [("#a3afc4", "#74829b"), ("#dba52f", "#a8781b"), ("#c57c4a", "#8f5430"), ("#6b7690", "#48526b")];

    private static readonly IReadOnlyList<string> Lights = ["#5ff2e0", "#ffe45c", "#ff6b9a", "#9dff7a"];

    protected internal override string Draw(FaceSeed seed)
    {
        var cloth = seed.Pick(Palette.Figures);
        var second = seed.Pick([.. Palette.Figures.Where(tone => tone != cloth)]);
        var skin = seed.Pick(Skins);
        var metal = seed.Pick(Metals);
        var grid = new PixelGrid(Margin)
            .Stamp(seed.Pick(Figures.Cloaks))
            .Stamp(seed.Pick(Figures.Legs))
            .Stamp(seed.Pick(Figures.Armours))
            .Stamp(Figures.Head)
            .Stamp(seed.Pick(Figures.Looks))
            .Stamp(seed.Pick(Figures.Beards))
            .Stamp(seed.Pick(Helmets.All))
            .Outline('x')
            .Stamp(seed.Pick(Gear.Weapons))
            .Stamp(seed.Pick(Gear.Shields));
        return Svg.OnGround(
            seed.Pick(Palette.Grounds),
            grid.Paths(
                ('x', Ink), ('s', skin.Main), ('S', skin.Shade), ('h', seed.Pick(Hairs)),
                ('c', cloth.Main), ('C', cloth.Shade), ('a', second.Main), ('A', second.Shade),
                ('m', metal.Main), ('M', metal.Shade), ('g', "#f2c14e"), ('w', "#96602f"), ('W', "#6b421d"),
                ('r', "#d8394f"), ('e', "#fbf6ea"), ('l', seed.Pick(Lights))));
    }
}
