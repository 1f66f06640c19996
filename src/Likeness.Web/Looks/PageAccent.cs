using System.Globalization;
using Likeness.Imaging.Colors;

namespace Likeness.Web.Looks;

/// <summary>A domain's own colour of links and buttons: it has to be read on all grounds of the pages, light and dark.</summary>
public static class PageAccent
{
    /// <summary>Of text to its ground (WCAG 2.2, 1.4.3).</summary>
    public const double MinContrast = 4.5;

    private const double LightWash = 0.12;
    private const double DarkWash = 0.2;

    // As in site.css: paper, and the cards on it.
    internal static readonly (Rgb Paper, Rgb Card) Light = (new(0xfb, 0xf8, 0xf3), Rgb.White);
    internal static readonly (Rgb Paper, Rgb Card) Dark = (new(0x17, 0x15, 0x1f), new(0x21, 0x1e, 0x2c));

    /// <summary>Reads <c>#rrggbb</c> for light pages and, if there is a second one, for dark pages; without one the first is lightened until it can be read there.</summary>
    /// <exception cref="FormatException">What is written is no colour, or cannot be read on the pages; the message says what could be.</exception>
    public static (string Light, string Dark) Parse(IReadOnlyList<string> values)
    {
        if (values.Count is not (1 or 2))
        {
            throw new FormatException("needs one colour for light pages or, with a second one, for dark pages too");
        }

        var light = Colour(values[0]);
        if (Contrast(light, isDark: false) < MinContrast)
        {
            throw Unreadable(light, isDark: false);
        }

        var dark = values.Count == 2 ? Colour(values[1]) : Readable(light, isDark: true);
        return Contrast(dark, isDark: true) < MinContrast ? throw Unreadable(dark, isDark: true) : (light.Hex, dark.Hex);
    }

    /// <summary>Behind the site's own style.</summary>
    internal static string StyleOf((string Light, string Dark) accent)
    {
        var (light, dark) = (Colour(accent.Light), Colour(accent.Dark));
        return $$"""

            :root { --accent: {{light.Hex}}; --on-accent: {{Light.Card.Hex}}; --wash: {{Wash(light, isDark: false).Hex}}; }
            @media screen and (prefers-color-scheme: dark) {
                :root { --accent: {{dark.Hex}}; --on-accent: {{Dark.Paper.Hex}}; --wash: {{Wash(dark, isDark: true).Hex}}; }
            }
            @media (prefers-contrast: more) {
                :root { --accent: var(--ink); --on-accent: var(--paper); }
            }

            """;
    }

    /// <summary>The least that the colour has to any ground it is on.</summary>
    internal static double Contrast(Rgb accent, bool isDark)
    {
        var (paper, card) = isDark ? Dark : Light;
        return Math.Min(Math.Min(accent.ContrastTo(paper), accent.ContrastTo(card)), accent.ContrastTo(Wash(accent, isDark)));
    }

    // Of what is chosen, and of buttons that are not the main one.
    private static Rgb Wash(Rgb accent, bool isDark) => (isDark ? Dark.Paper : Light.Paper).Mix(accent, isDark ? DarkWash : LightWash);

    private static Rgb Readable(Rgb colour, bool isDark)
    {
        const int Steps = 100;
        return Enumerable.Range(0, Steps + 1)
            .Select(step => colour.Mix(isDark ? Rgb.White : Rgb.Black, (double)step / Steps))
            .First(mixed => Contrast(mixed, isDark) >= MinContrast);
    }

    private static FormatException Unreadable(Rgb colour, bool isDark) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"'{colour.Hex}' is hard to read on {(isDark ? "dark" : "light")} pages: a contrast of {Math.Floor(Contrast(colour, isDark) * 10) / 10:0.0}, where text needs {MinContrast}; {Readable(colour, isDark).Hex} would do"));

    private static Rgb Colour(string value) => Rgb.TryParse(value, out var colour) ? colour : throw new FormatException($"'{value}' is not a colour such as #5c3cb0");
}
