using Likeness.Imaging.Faces.Pixels;

namespace Likeness.Imaging.Faces.Pagan;

/// <summary>Hair, hats and helmets; characters as in <see cref="Figures"/>.</summary>
internal static class Helmets
{
    public static readonly IReadOnlyList<Sprite> All =
    [
        new(2, ".....hhh", "....hhhh", "....hh.."),
        new(2, ".....mmm", "....mmmm", "...mmmmm", "...mmMMM", "...mx...", "...mmm.m", "....mmMm", ".....mmm"),
        new(1, "..e.....", "..e..mmm", "..eemmmm", "...emmmm", "....MgMM"),
        new(1, "......cc", ".....ccc", "....cccc", "...ccCCC", "...cC...", "...c....", "...c....", "...cc..."),
        new(0, ".......c........", "......ccc.......", ".....cccc.......", "....cccccc......", "....aagaaaaa....", "..cccccccccccc.."),
        new(1, "....g..g", "....gg.g", "....grgg", "....h..."),
        new(2, ".....aaaaaa.....", "....aaaaaaaa....", "....AAAAAAAAaa..", ".............a.."),
        new(2, ".....hhh", "....hhhh", "...hhhh.", "...hh...", "...h....", "...h....", "...h....", "...hh...", "...h...."),
        new(0, ".....h..h..h....", "....hh.hh.hh....", "....hhhhhhhh....", "....hhhhhhhh....", "....h.h..h.h...."),
        new(0, "......rr", ".....rrr", ".....rmm", "....mmmm", "....mmmm", "....mM.."),
        new(2, ".....mmm", "....mmmm", "....mMMM"),
        new(3, ".....sss", "....ssss", "..ssssss", "...sssss"),
        new(1, "......rr", "......rr", "......hh", "......hh"),
        new(1, "..w.....", "..ww.ccc", "...wcccc", "....cccc", "....CC.."),
        new(2, ".....www", "....wwww", "..WWWWWW"),
        new(1, "....eeee", "...eeeee", "...eeeee", "...exxee", "...exxex", "....eeex", "....exex"),
    ];
}
