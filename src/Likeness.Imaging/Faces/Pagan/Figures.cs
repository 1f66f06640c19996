using Likeness.Imaging.Faces.Pixels;

namespace Likeness.Imaging.Faces.Pagan;

/// <summary>Body and face. <c>s</c> skin, <c>S</c> its darker tone, <c>x</c> ink, <c>e</c> white, <c>h</c> hair, <c>c</c> and <c>C</c> cloth, <c>a</c> and <c>A</c> a second cloth, <c>m</c> and <c>M</c> metal, <c>g</c> gold, <c>w</c> and <c>W</c> wood, <c>r</c> red, <c>l</c> light.</summary>
internal static class Figures
{
    public static readonly Sprite Head = new(
        3,
        ".....sss",
        "....ssss",
        "....ssss",
        "....ssss",
        "....ssss",
        ".....SSS");

    public static readonly IReadOnlyList<Sprite> Looks =
    [
        new(6, ".....x..", ".....x.."),
        new(5, "....xx..", ".....x.."),
        new(6, ".....ex.", ".....ex."),
        new(6, ".....xx."),
        new(5, "....xxxxxxxx....", ".....xx...x.....", "..........x....."),
        new(6, "....xxxx", "....rexx"),
        new(6, ".....l..", ".....l.."),
    ];

    public static readonly IReadOnlyList<Sprite> Beards =
    [
        Sprite.None,
        new(8, "......xx"),
        new(7, "....h...", "....hhhh", ".....hhh", "......hh"),
        new(7, ".....hhh", "....h..."),
        new(8, ".....hxx", "......hh", ".......h"),
        new(7, "....r...", "......xx"),
    ];

    public static readonly IReadOnlyList<Sprite> Legs =
    [
        new(13, ".....ww.", "....www."),
        new(13, ".....mm.", "....mMM."),
        new(13, "....aaaa", "....w.w."),
        new(13, ".....cc.", "....xxx."),
        new(13, ".....ss.", "....gwg."),
        new(13, "...ccccc", "...CCCCC"),
    ];

    public static readonly IReadOnlyList<Sprite> Armours =
    [
        new(9, "....cccc", "...ccccc", "...sCccc", "....wwwg"),
        new(9, "....mmmm", "...mmmmm", "...sMmmm", "....wwwg"),
        new(9, "...aaccc", "...acccc", "...sCccc", "....ccgg"),
        new(9, "....ccaa", "...cccaa", "...sccaa", "....CCaa"),
        new(9, "...mmccc", "...mmcmm", "...s.cmm", "....ccMM"),
        new(9, "....ssss", "...ssSww", "...sSsss", "....aaaa"),
        new(9, "....wwcc", "...wwwcc", "...sWwwg", "....wWww"),
        new(9, "...ccccggcccc...", "...cccgaagccc...", "...sccgaagccs...", "....ccccgccc...."),
        new(9, "....aaaaaccc....", "...aaaaaccccc...", "...saaacccccs...", "....aacccccc...."),
        new(9, "...ggmmm", "...gmmgg", "...sMmmg", "....aMaM"),
    ];

    public static readonly IReadOnlyList<Sprite> Cloaks =
    [
        Sprite.None,
        new(9, "...aaaaa", "..aaaaaa", "..aaaaaa", "..aaaaaa", "..aaaaaa", "..AAAAAA"),
        new(8, "............www.", "............wwgw", "............wWWW", "............wwww"),
        new(8, "............aa..", ".............aaa", ".............aa."),
    ];
}
