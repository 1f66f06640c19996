using System.Buffers.Binary;

namespace Likeness.Imaging;

/// <summary>Where the square is when it is not simply the centre.</summary>
public enum CropPart : byte
{
    Centre,
    Top,
    Left,
    Right,
    Bottom,

    /// <summary>All of the picture, on white or on nothing.</summary>
    Whole,

    /// <summary>As <see cref="Crop.X"/> and the others say.</summary>
    Square,
}

/// <summary>The square that is cut out of a picture: in pixels of the picture the right way up, mirrored first where that is said, turned about the square's centre.</summary>
/// <param name="Angle">Degrees, clockwise.</param>
public sealed record Crop(CropPart Part, float X = 0, float Y = 0, float Edge = 0, float Angle = 0, bool IsMirrored = false)
{
    internal const int Bytes = 18;
    private const byte None = 255;

    // No square is smaller, whatever was asked for: one pixel is no portrait.
    private const double MinEdge = 8;

    /// <summary>The square in a picture of that size. It holds some of the picture, whatever was said.</summary>
    public CropSquare In(int width, int height)
    {
        var (shorter, longer) = (Math.Min(width, height), Math.Max(width, height));
        var (left, top) = ((width - shorter) / 2.0, (height - shorter) / 2.0);
        switch (Part)
        {
            case CropPart.Square:
                var edge = Math.Clamp(Finite(Edge, shorter), Math.Min(MinEdge, shorter), 2.0 * longer);
                var (x, y) = (Math.Clamp(Finite(X, 0) + (edge / 2), 0, width), Math.Clamp(Finite(Y, 0) + (edge / 2), 0, height));
                return new CropSquare(x, y, edge, Finite(Angle, 0) % 360);
            case CropPart.Whole:
                return new CropSquare(width / 2.0, height / 2.0, longer, 0);
            default:
                var x0 = Part switch { CropPart.Left => 0, CropPart.Right => width - shorter, _ => left };
                var y0 = Part switch { CropPart.Top => 0, CropPart.Bottom => height - shorter, _ => top };
                return new CropSquare(x0 + (shorter / 2.0), y0 + (shorter / 2.0), shorter, 0);
        }
    }

    internal static void Write(Crop? crop, Span<byte> to)
    {
        to[0] = crop is null ? None : (byte)crop.Part;
        to[1] = crop is { IsMirrored: true } ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteSingleLittleEndian(to[2..], crop?.X ?? 0);
        BinaryPrimitives.WriteSingleLittleEndian(to[6..], crop?.Y ?? 0);
        BinaryPrimitives.WriteSingleLittleEndian(to[10..], crop?.Edge ?? 0);
        BinaryPrimitives.WriteSingleLittleEndian(to[14..], crop?.Angle ?? 0);
    }

    internal static Crop? Read(ReadOnlySpan<byte> from) => from[0] == None ? null : new Crop(
        (CropPart)from[0],
        BinaryPrimitives.ReadSingleLittleEndian(from[2..]),
        BinaryPrimitives.ReadSingleLittleEndian(from[6..]),
        BinaryPrimitives.ReadSingleLittleEndian(from[10..]),
        BinaryPrimitives.ReadSingleLittleEndian(from[14..]),
        from[1] == 1);

    private static double Finite(float value, double instead) => float.IsFinite(value) ? value : instead;
}

/// <summary>A square by its centre, in pixels; <paramref name="Angle"/> in degrees.</summary>
public readonly record struct CropSquare(double CentreX, double CentreY, double Edge, double Angle);
