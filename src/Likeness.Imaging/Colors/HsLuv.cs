namespace Likeness.Imaging.Colors;

/// <summary>The HSLuv colour space (hsluv.org, revision 4): colours of one lightness look equally light, whatever their hue.</summary>
internal static class HsLuv
{
    private const double Kappa = 903.2962962;
    private const double Epsilon = 0.0088564516;
    private const double WhiteU = 0.19783000664283;
    private const double WhiteV = 0.46831999493879;

    /// <summary>Rows of the matrix from XYZ to linear sRGB.</summary>
    private static readonly (double X, double Y, double Z)[] FromXyz =
    [
        (3.240969941904521, -1.537383177570093, -0.498610760293),
        (-0.96924363628087, 1.87596750150772, 0.041555057407175),
        (0.055630079696993, -0.20397695888897, 1.056971514242878),
    ];

    /// <param name="hue">Degrees.</param>
    /// <param name="saturation">0 to 100, of what sRGB can show.</param>
    /// <param name="lightness">0 to 100.</param>
    public static Rgb ToRgb(double hue, double saturation, double lightness)
    {
        if (lightness is <= 0 or >= 100)
        {
            var grey = (byte)(lightness <= 0 ? 0 : 255);
            return new Rgb(grey, grey, grey);
        }

        var radians = hue * Math.PI / 180;
        var chroma = LargestChroma(lightness, radians) * saturation / 100;
        var u = (Math.Cos(radians) * chroma / (13 * lightness)) + WhiteU;
        var v = (Math.Sin(radians) * chroma / (13 * lightness)) + WhiteV;
        var y = lightness > 8 ? Math.Pow((lightness + 16) / 116, 3) : lightness / Kappa;
        var x = 9 * y * u / (4 * v);
        var z = ((9 * y) - (15 * v * y) - (v * x)) / (3 * v);
        var components = FromXyz.Select(row => Srgb.FromLight((row.X * x) + (row.Y * y) + (row.Z * z))).ToArray();
        return new Rgb(components[0], components[1], components[2]);
    }

    /// <summary>How far sRGB reaches in this direction: the nearest of the six lines that bound it at this lightness.</summary>
    private static double LargestChroma(double lightness, double radians)
    {
        var cubed = Math.Pow(lightness + 16, 3) / 1_560_896;
        var y = cubed > Epsilon ? cubed : lightness / Kappa;
        var nearest = double.MaxValue;
        foreach (var row in FromXyz)
        {
            foreach (var limit in (ReadOnlySpan<double>)[0, 1])
            {
                var divisor = (((632_260 * row.Z) - (126_452 * row.Y)) * y) + (126_452 * limit);
                var slope = ((284_517 * row.X) - (94_839 * row.Z)) * y / divisor;
                var intercept = ((((838_422 * row.Z) + (769_860 * row.Y) + (731_718 * row.X)) * lightness * y) - (769_860 * limit * lightness)) / divisor;
                var length = intercept / (Math.Sin(radians) - (slope * Math.Cos(radians)));
                nearest = length >= 0 ? Math.Min(nearest, length) : nearest;
            }
        }

        return nearest;
    }
}
