using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Likeness.Imaging.Colors;

/// <summary>The colour that chat clients give a person (XEP-0392), so that the web shows the same one.</summary>
/// <param name="Hue">Degrees, 0 to 360, in HSLuv.</param>
public readonly record struct ConsistentColor(double Hue)
{
    /// <summary>WCAG 2.2 for text.</summary>
    private const double ReadableContrast = 4.5;

    /// <summary>That of the XEP's test vectors.</summary>
    private const double Lightness = 50;

    /// <summary>The colour itself: saturation 100, lightness 50.</summary>
    public Rgb Rgb => HsLuv.ToRgb(Hue, 100, Lightness);

    /// <summary>The same hue, darker by the little that white letters on it need.</summary>
    public Rgb UnderWhite
    {
        get
        {
            var (lightness, ground) = (Lightness, Rgb);
            while (ground.ContrastTo(Rgb.White) < ReadableContrast)
            {
                lightness -= 0.25;
                ground = HsLuv.ToRgb(Hue, 100, lightness);
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
