using Likeness.Imaging.Faces.Pixels;

namespace Likeness.Imaging.Faces.Retro;

/// <summary>Eyes, mouths and extras, of <c>x</c> (ink), <c>e</c> (white), <c>r</c> (red), <c>+</c> (the head's darker tone) and <c>a</c> (accent).</summary>
internal static class Features
{
    public static readonly IReadOnlyList<Sprite> Eyes =
    [
        new(7, "....xx..", "....xx.."),
        new(7, "....ee..", "....ex.."),
        new(7, "...eee..", "...exx..", "...exx.."),
        new(7, "....xx..", "...x..x."),
        new(8, "...xxx.."),
        new(7, "...x....", "....xx..", "....ex.."),
        new(7, "...xxxxx", "...xeexx", "...xxxxx"),
        new(7, "......ee", ".....eex", ".....eex", "......ee"),
        new(7, "...x.x..", "....x...", "...x.x.."),
        new(6, "....ee..", "....ee..", "....xx..", "....ee.."),
        new(7, "...ee...", "...eex..", "...eee.."),
        new(7, "...xxxxx", "...xxx..", "....x..."),
    ];

    public static readonly IReadOnlyList<Sprite> Mouths =
    [
        new(11, "....x...", ".....xxx"),
        new(12, "....xxxx"),
        new(11, "....xxxx", "....eeee", ".....xxx"),
        new(11, "......xx", "......xx"),
        new(11, "....xxxx", ".....xrr"),
        new(11, "....x.x.x.x.x...", "....xxxxxxxxx..."),
        new(11, "....xxxx", "....xexe", "....xxxx"),
        new(11, ".....xxx", ".....e.."),
        new(11, ".....rrr", "......rr"),
        new(11, "..........x.....", ".....xxxxx......"),
        new(11, ".....xxx", "....x..."),
    ];

    public static readonly IReadOnlyList<Sprite> Extras =
    [
        Sprite.None,
        new(10, "...r...."),
        new(10, ".....aaa", "....aa.."),
        new(11, "..a.....", "..aa....", "..aaa..a", "...aaaaa", "....aaaa"),
        new(9, ".......+", ".......+"),
        new(9, "......rr", "......rr"),
        new(10, "..+.+...", "...+...."),
        new(13, "......aa", "......aa", ".......a"),
    ];
}
