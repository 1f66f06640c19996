using System.Globalization;
using System.Text;

namespace Likeness.Imaging.Faces.Lettering;

/// <summary>A line of letters in the middle of the drawing, as large as fits.</summary>
internal static class TextLine
{
    private const int Gap = 32;
    private const int LetterHeight = 100;

    /// <summary>Units across the picture that make one or two letters as large as they get.</summary>
    private const int NarrowestView = 236;

    /// <param name="stroke">Width of the strokes; letters are 100 high.</param>
    public static string Draw(IReadOnlyList<Glyph> glyphs, string color, int stroke = 18)
    {
        var width = glyphs.Sum(glyph => glyph.Width) + (Gap * (glyphs.Count - 1));
        var view = Math.Max(NarrowestView, width * 3 / 2);
        var line = new StringBuilder();
        line.Append(CultureInfo.InvariantCulture, $"""<svg viewBox="0 0 {view} {view}" fill="none" stroke="{color}" stroke-width="{stroke}" stroke-linecap="round" stroke-linejoin="round">""");
        var (x, y) = ((view - width) / 2, (view - LetterHeight) / 2);
        foreach (var glyph in glyphs)
        {
            line.Append(CultureInfo.InvariantCulture, $"""<path transform="translate({x} {y})" d="{glyph.Strokes}"/>""");
            if (glyph.Mark.Length > 0)
            {
                line.Append(CultureInfo.InvariantCulture, $"""<path transform="translate({x + (glyph.Width / 2)} {y})" d="{glyph.Mark}"/>""");
            }

            x += glyph.Width + Gap;
        }

        return line.Append("</svg>").ToString();
    }
}
