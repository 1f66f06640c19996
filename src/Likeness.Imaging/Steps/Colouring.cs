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
        try
        {
            return image.IccTransform("srgb", embedded: true, depth: 8, inputProfile: image.Interpretation == Enums.Interpretation.Cmyk ? "cmyk" : null);
        }
        catch (VipsException)
        {
            // A broken profile is no reason to refuse a face.
            return image.Colourspace(Enums.Interpretation.Srgb);
        }
    }
}
