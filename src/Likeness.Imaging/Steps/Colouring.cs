using Likeness.Imaging.Colors;
using NetVips;

namespace Likeness.Imaging.Steps;

/// <summary>What the pixels mean: eight-bit sRGB or grey, with or without alpha.</summary>
internal static class Colouring
{
    /// <summary>Turns every colour space into sRGB: the profile goes with the metadata, so the colours must not need it.</summary>
    public static void ToSrgb(Rendering work)
    {
        if (work.First.Contains("icc-profile-data") || work.First.Interpretation == Enums.Interpretation.Cmyk)
        {
            work.Change(ByProfile);
        }

        if (work.First.Interpretation is not (Enums.Interpretation.Srgb or Enums.Interpretation.Bw))
        {
            work.Change(image => image.Colourspace(image.Interpretation == Enums.Interpretation.Grey16 ? Enums.Interpretation.Bw : Enums.Interpretation.Srgb));
        }

        if (work.First.Format != Enums.BandFormat.Uchar)
        {
            work.Change(image => image.Cast(Enums.BandFormat.Uchar));
        }

        if (work.Header!.Gamma is > 0 and var gamma)
        {
            work.Change(image => ByGamma(image, gamma));
        }
    }

    /// <summary>Lays a translucent picture on white where the format knows no alpha.</summary>
    public static void Flatten(Rendering work)
    {
        if (work.Format == ImageFormat.Jpeg && work.First.HasAlpha())
        {
            work.Change(image => image.Flatten(background: [255.0]));
        }
    }

    private static Image ByProfile(Image image)
    {
        // Most profiles are made for the first; some have a table for another one only.
        foreach (var intent in (ReadOnlySpan<Enums.Intent>)[Enums.Intent.Relative, Enums.Intent.Auto])
        {
            try
            {
                // Sixteen bits stay sixteen: to eight at once would leave the alpha as it was, 256 times too large.
                return image.IccTransform(
                    "srgb",
                    embedded: true,
                    intent: intent,
                    depth: image.Format == Enums.BandFormat.Ushort ? 16 : 8,
                    inputProfile: image.Interpretation == Enums.Interpretation.Cmyk ? "cmyk" : null);
            }
            catch (VipsException)
            {
                // A broken profile is no reason to refuse a face.
            }
        }

        return image.Colourspace(Enums.Interpretation.Srgb);
    }

    /// <summary>Each level to light, and light to what sRGB writes for it; alpha is no light.</summary>
    private static Image ByGamma(Image image, double gamma)
    {
        var levels = new byte[256];
        for (var level = 0; level < levels.Length; level++)
        {
            levels[level] = Srgb.FromLight(Math.Pow(level / 255.0, gamma));
        }

        using var curve = Image.NewFromMemoryCopy<byte>(levels, levels.Length, 1, 1, Enums.BandFormat.Uchar);
        if (!image.HasAlpha())
        {
            return image.Maplut(curve);
        }

        using var colours = image.ExtractBand(0, n: image.Bands - 1);
        using var alpha = image.ExtractBand(image.Bands - 1);
        using var mapped = colours.Maplut(curve);
        return mapped.Bandjoin(alpha);
    }
}
