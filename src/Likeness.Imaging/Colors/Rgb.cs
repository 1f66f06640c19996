namespace Likeness.Imaging.Colors;

/// <summary>A colour in sRGB, eight bits each.</summary>
public readonly record struct Rgb(byte Red, byte Green, byte Blue)
{
    public static Rgb White { get; } = new(255, 255, 255);

    /// <summary>As SVG and CSS write it: <c>#rrggbb</c>.</summary>
    public string Hex => $"#{Convert.ToHexStringLower([Red, Green, Blue])}";

    /// <summary>Relative luminance, 0 (black) to 1 (white); WCAG 2.2.</summary>
    public double Luminance => (0.2126 * Linear(Red)) + (0.7152 * Linear(Green)) + (0.0722 * Linear(Blue));

    /// <summary>Contrast ratio, 1 (none) to 21 (black on white); WCAG 2.2 asks for 4.5 for text.</summary>
    public double ContrastTo(Rgb other)
    {
        var (lighter, darker) = (Math.Max(Luminance, other.Luminance), Math.Min(Luminance, other.Luminance));
        return (lighter + 0.05) / (darker + 0.05);
    }

    private static double Linear(byte component)
    {
        var value = component / 255.0;
        return value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
    }
}
