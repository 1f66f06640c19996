using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Likeness.Imaging.Colors;

/// <summary>The colour that chat clients give a person (XEP-0392), so that the web shows the same one.</summary>
/// <param name="Hue">Degrees, 0 to 360, in HSLuv.</param>
internal readonly record struct ConsistentColor(double Hue)
{
    /// <summary>WCAG 2.2 for text.</summary>
    private const double ReadableContrast = 4.5;

    private const double GroundSaturation = 78;

    /// <summary>That of the XEP's test vectors.</summary>
    private const double Lightness = 50;

    /// <summary>The colour itself: saturation 100, lightness 50.</summary>
    public Rgb Rgb => HsLuv.ToRgb(Hue, 100, Lightness);

    /// <summary>The same hue as a ground for white letters: less saturated, because a whole square of some hues glares, and darker by the little that letters need.</summary>
    public Rgb UnderWhite
    {
        get
        {
            var (lightness, ground) = (Lightness, HsLuv.ToRgb(Hue, GroundSaturation, Lightness));
            while (ground.ContrastTo(Rgb.White) < ReadableContrast)
            {
                lightness -= 0.25;
                ground = HsLuv.ToRgb(Hue, GroundSaturation, lightness);
            }

            return ground;
        }
    }

    /// <summary>XEP-0392 §5.1 (Angle generation).</summary>
    /// <param name="address">The bare JID, prepared as for a comparison, or any other text.</param>
    public static ConsistentColor OfAddress(string address)
    {
        Span<byte> digest = stackalloc byte[SHA1.HashSizeInBytes];
        SHA1.HashData(Encoding.UTF8.GetBytes(address), digest);
        return new ConsistentColor(BinaryPrimitives.ReadUInt16LittleEndian(digest) / 65536.0 * 360);
    }
}
