using Likeness.Imaging.Faces.Pixels;

namespace Likeness.Imaging.Faces.Pagan;

/// <summary>What the hands hold, in columns 0 to 3 and from column 10 on; characters as in <see cref="Figures"/>.</summary>
internal static class Gear
{
    public static readonly IReadOnlyList<Sprite> Weapons =
    [
        Sprite.None,
        Upright(".m..", ".mm.", ".mM.", ".mM.", ".mM.", ".mM.", ".mM.", ".mM.", "gggg", ".ww.", ".ww."),
        Upright("..w.", ".mw.", "mmwm", "mmwM", "mmwM", ".Mw.", "..w.", "..w.", "..w.", "..w.", "..w.", "..w."),
        Upright("..m.", ".mm.", ".mmM", ".mMM", "..W.", "..w.", "..w.", "..w.", "..w.", "..w.", "..w.", "..w."),
        Upright(".xx.", "xllx", "xllx", ".xx.", "..w.", "..w.", "..w.", "..w.", "..w.", "..w.", "..w.", "..w."),
        Upright("....", "mmmm", "mmmM", "mmmM", "MMMM", ".ww.", ".ww.", ".ww.", ".ww.", ".ww."),
        Upright(".ww.", "w..x", "w..x", "w..x", "w..x", "w..x", "w..x", "w..x", "w..x", ".ww."),
        Upright("....", ".rr.", "rgrr", "rggr", ".gg.", ".ww.", ".WW.", ".ww.", ".ww.", ".ww."),
        Upright("m..m", "m.mm", "mmmm", ".MM.", "..w.", "..w.", "..w.", "..w.", "..w.", "..w.", "..w.", "..w."),
        Upright("....", "....", "....", "....", "....", ".m..", ".mM.", ".mM.", ".mM.", "gggg", ".ww."),
        Upright("....", ".ww.", "wwwW", "wwwW", "wwWW", ".wW.", ".wW.", ".wW.", "..w.", "..w."),
        Upright(".mmm", "mm.M", "m...", "m...", "mm..", ".www", "...w", "...w", "...w", "...w", "...w", "...w"),
    ];

    public static readonly IReadOnlyList<Sprite> Shields =
    [
        Sprite.None,
        new(8, "...........xxxxx", "...........xmmmx", "...........xaaax", "...........xaaax", "...........xmmmx", "............xxx."),
        new(8, "............xxx.", "...........xwwwx", "..........xwwgwx", "..........xwgwwx", "...........xWWWx", "............xxx."),
        new(8, "...........xxxxx", "...........xaeax", "...........xeeex", "...........xaeax", "............xax.", ".............x.."),
        new(8, "...........xxxxx", "...........xcgcx", "...........xgggx", "...........xcgcx", "...........xcgcx", "...........xxxxx"),
        new(8, "...........rrrr.", "...........reerr", "...........rrrrr", "...........eeeee", "...........rrrrr"),
        new(8, ".............g..", "............xex.", "............xlx.", "...........xlllx", "...........xlelx", "...........xxxxx"),
        new(8, "............ggg.", "............g.g.", "...........xgggx", "...........xlllx", "...........xllex", "...........xgggx"),
        new(5, ".............m..", "............mmM.", "............mmM.", "............mmM.", "............mmM.", "...........ggggg", ".............w..", ".............w.."),
        new(8, "............h..h", "............hhhh", "............hxhx", "............hhrh", ".............hhh"),
    ];

    private static Sprite Upright(params string[] rows) => new(3, [.. rows.Select(row => row + "............")]);
}
