using Likeness.Imaging.Vips;

namespace Likeness.Imaging.Steps;

/// <summary>Removes everything that is not pixels: EXIF with its places, XMP, IPTC, profiles, texts (L-105). What drives an animation stays.</summary>
internal static class StripMetadata
{
    public static void Apply(Rendering work)
    {
        work.Change(image =>
        {
            var bare = new VipsOperation("copy"u8).With("in"u8, image).Image();
            bare.RemoveFields(field => field is "delay" or "loop" or "n-pages" or "gif-palette");
            if (bare.Height > work.Size)
            {
                bare.Set("page-height"u8, work.Size);
            }

            return bare;
        });
    }
}
