using Likeness.Imaging.Vips;

namespace Likeness.Imaging.Steps;

/// <summary>Turns every colour space into eight-bit sRGB or grey: the profile goes with the metadata, so the colours must not need it.</summary>
internal static class ToSrgb
{
    public static void Apply(Rendering work)
    {
        if (work.First.Has("icc-profile-data"u8) || work.First.Interpretation == Interpretation.Cmyk)
        {
            work.Change(ByProfile);
        }

        if (work.First.Interpretation is not (Interpretation.Srgb or Interpretation.BlackWhite))
        {
            work.Change(image => InSpace(image, image.Interpretation == Interpretation.Grey16 ? Interpretation.BlackWhite : Interpretation.Srgb));
        }

        if (work.First.Format != VipsImage.FormatByte)
        {
            work.Change(image => new VipsOperation("cast"u8).With("in"u8, image).With("format"u8, VipsImage.FormatByte).Image());
        }
    }

    private static VipsImage ByProfile(VipsImage image)
    {
        try
        {
            var transform = new VipsOperation("icc_transform"u8)
                .With("in"u8, image)
                .With("output-profile"u8, "srgb"u8)
                .With("embedded"u8, true)
                .With("depth"u8, 8);
            return (image.Interpretation == Interpretation.Cmyk ? transform.With("input-profile"u8, "cmyk"u8) : transform).Image();
        }
        catch (VipsException)
        {
            // A broken profile is no reason to refuse a face.
            return InSpace(image, Interpretation.Srgb);
        }
    }

    private static VipsImage InSpace(VipsImage image, Interpretation space) =>
        new VipsOperation("colourspace"u8).With("in"u8, image).With("space"u8, (int)space).Image();
}
