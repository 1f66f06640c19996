namespace Likeness.Imaging.Colors;

/// <summary>A colour in sRGB, eight bits each.</summary>
public readonly record struct Rgb(byte Red, byte Green, byte Blue)
{
    public static Rgb White { get; } = new(255, 255, 255);

    public static Rgb Black { get; }

    /// <summary>Reads <c>#rrggbb</c> in any case; false for all else.</summary>
    public static bool TryParse(string text, out Rgb colour)
    {
        Span<byte> bytes = stackalloc byte[3];
        var isOne = text.Length == 7 && text[0] == '#' && Convert.FromHexString(text.AsSpan(1), bytes, out _, out _) == System.Buffers.OperationStatus.Done;
        colour = isOne ? new Rgb(bytes[0], bytes[1], bytes[2]) : default;
        return isOne;
    }

    /// <summary>This colour with so much of another one in it.</summary>
    /// <param name="share">0 (this one) to 1 (the other one).</param>
    public Rgb Mix(Rgb other, double share)
    {
        return new Rgb(Part(Red, other.Red), Part(Green, other.Green), Part(Blue, other.Blue));

        byte Part(byte one, byte two) => (byte)Math.Round(one + ((two - one) * share));
    }

    /// <summary>As SVG and CSS write it: <c>#rrggbb</c>.</summary>
    public string Hex => $"#{Convert.ToHexStringLower([Red, Green, Blue])}";

    /// <summary>Relative luminance, 0 (black) to 1 (white); WCAG 2.2.</summary>
    public double Luminance => (0.2126 * Srgb.ToLight(Red)) + (0.7152 * Srgb.ToLight(Green)) + (0.0722 * Srgb.ToLight(Blue));

    /// <summary>Contrast ratio, 1 (none) to 21 (black on white); WCAG 2.2 asks for 4.5 for text.</summary>
    public double ContrastTo(Rgb other)
    {
        var (lighter, darker) = (Math.Max(Luminance, other.Luminance), Math.Min(Luminance, other.Luminance));
        return (lighter + 0.05) / (darker + 0.05);
    }
}

/// <summary>The curve between the numbers of sRGB and light (IEC 61966-2-1).</summary>
internal static class Srgb
{
    public static double ToLight(byte component)
    {
        var value = component / 255.0;
        return value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
    }

    public static byte FromLight(double light)
    {
        var value = light <= 0.0031308 ? light * 12.92 : (1.055 * Math.Pow(light, 1 / 2.4)) - 0.055;
        return (byte)Math.Round(Math.Clamp(value, 0, 1) * 255);
    }
}
