using System.Globalization;

namespace Likeness.AspNetCore.Proxy;

/// <summary>The picture of somebody whose own is not there: a head and shoulders, drawn here.</summary>
internal static class NeutralFace
{
    public const string MediaType = "image/svg+xml";

    /// <param name="shade">The place on the circle of colours.</param>
    /// <param name="size">Pixels of width and height.</param>
    public static string Svg(byte shade, int size)
    {
        var hue = shade * 360 / 256;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size}" viewBox="0 0 64 64"><path fill="hsl({hue},35%,78%)" d="M0 0h64v64H0z"/><g fill="hsl({hue},30%,48%)"><circle cx="32" cy="25" r="12"/><path d="M8 64c0-14 10-22 24-22s24 8 24 22z"/></g></svg>""");
    }
}
